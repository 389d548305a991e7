# Taint and trainer are right; the pods of web that run on node02 already stay there.
# fails: web.away
kubectl config set-context --current --namespace "$team"
kubectl taint node node02 shelf=gpu:NoSchedule
kubectl patch deployment trainer -p '{"spec": {"template": {"spec": {
    "nodeSelector": {"shelf": "gpu"}, "tolerations": [{"key": "shelf", "operator": "Exists"}]}}}}'
kubectl rollout status deployment/trainer --timeout=90s
