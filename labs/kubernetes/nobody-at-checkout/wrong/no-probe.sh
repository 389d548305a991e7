# Ready at once: nobody asks.
# fails: pods.probe
# after: solution
kubectl -n "$market" patch deployment checkout --type json -p '[{"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n "$market" rollout status deployment/checkout --timeout=60s
