# fails: next.careful
kubectl -n "$team" rollout undo deployment/checkout
kubectl -n "$team" patch deployment checkout -p '{"spec": {"strategy": {"type": "Recreate", "rollingUpdate": null}}}'
kubectl -n "$team" rollout status deployment/checkout --timeout=90s
