# fails: scaler.calm
# after: solution
kubectl -n "$team" patch hpa api --type=json -p '[{"op": "remove", "path": "/spec/behavior"}]'
