kubectl config set-context --current --namespace "$team"
kubectl taint node node02 shelf=gpu:NoSchedule --overwrite
kubectl patch deployment trainer -p '{"spec": {"template": {"spec": {
    "nodeSelector": {"shelf": "gpu"},
    "tolerations": [{"key": "shelf", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}]}}}}'
kubectl rollout restart deployment web
kubectl rollout status deployment/trainer --timeout=90s
kubectl rollout status deployment/web --timeout=90s
