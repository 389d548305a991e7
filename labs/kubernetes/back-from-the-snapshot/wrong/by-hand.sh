# Made anew by somebody who still knew the code; no snapshot is taken, and none restored.
# fails: snapshot.whole, snapshot.of_today, back.same, back.as-on-monday
kubectl create namespace "$shop"
kubectl -n "$shop" create secret generic "$secret" --from-literal "code=$code"
kubectl -n "$shop" create deployment stall --image rung/web:1.0 --replicas 2
kubectl -n "$shop" rollout status deployment/stall --timeout=90s
