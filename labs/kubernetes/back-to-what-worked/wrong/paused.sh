# fails: back.release
kubectl -n "$team" rollout pause deployment/checkout
kubectl -n "$team" set image deployment/checkout web=rung/web:1.1
kubectl -n "$team" patch deployment checkout -p '{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}}'
