# fails: mode.source
# after: solution
kubectl -n "$team" set env deployment/booking APP_MODE="$mode"
kubectl -n "$team" rollout status deployment/booking --timeout=90s
