kubectl -n "$team" rollout undo deployment/checkout
kubectl -n "$team" patch deployment checkout -p '{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}}'
kubectl -n "$team" rollout status deployment/checkout --timeout=90s
