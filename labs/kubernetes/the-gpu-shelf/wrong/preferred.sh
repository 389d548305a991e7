# The affinity is only a wish: where node02 is full, another node will do.
# fails: trainer.only_there
kubectl config set-context --current --namespace "$team"
kubectl taint node node02 shelf=gpu:NoSchedule
kubectl patch deployment trainer -p '{"spec": {"template": {"spec": {
    "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
        {"weight": 100, "preference": {"matchExpressions": [{"key": "shelf", "operator": "In", "values": ["gpu"]}]}}]}},
    "tolerations": [{"key": "shelf", "operator": "Exists"}]}}}}'
kubectl rollout restart deployment web
kubectl rollout status deployment/trainer --timeout=90s
kubectl rollout status deployment/web --timeout=90s
