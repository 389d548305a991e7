# A second taint, which also puts out who is there already.
kubectl config set-context --current --namespace "$team"
kubectl patch deployment trainer -p '{"spec": {"template": {"spec": {
    "nodeSelector": {"shelf": "gpu"}, "tolerations": [{"key": "shelf", "operator": "Equal", "value": "gpu"}]}}}}'
kubectl rollout status deployment/trainer --timeout=90s
kubectl taint node node02 shelf=gpu:NoSchedule shelf=gpu:NoExecute
kubectl -n "$team" wait --for=delete pod -l app=web --field-selector spec.nodeName=node02 --timeout=60s
kubectl rollout status deployment/web --timeout=90s
