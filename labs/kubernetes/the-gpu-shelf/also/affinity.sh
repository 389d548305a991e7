# Required affinity instead of a selector, a toleration of the key whatever its value, and web's pods deleted.
kubectl config set-context --current --namespace "$team"
kubectl taint node node02 shelf=gpu:NoSchedule
kubectl patch deployment trainer -p '{"spec": {"template": {"spec": {
    "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
        {"matchExpressions": [{"key": "shelf", "operator": "In", "values": ["gpu"]}]}]}}},
    "tolerations": [{"key": "shelf", "operator": "Exists"}]}}}}'
kubectl delete pods -l app=web --field-selector spec.nodeName=node02
kubectl rollout status deployment/trainer --timeout=90s
kubectl rollout status deployment/web --timeout=90s
