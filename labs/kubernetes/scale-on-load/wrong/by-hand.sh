# fails: scaler.range, scaler.target, scaler.calm, works.knows
# A number of replicas is no autoscaling.
kubectl -n "$team" set resources deployment api --requests=cpu=50m
kubectl -n "$team" scale deployment api --replicas=4
kubectl -n "$team" rollout status deployment api --timeout=60s
