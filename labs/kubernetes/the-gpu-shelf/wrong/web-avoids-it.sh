# No taint: web is told to avoid the shelf, and whoever comes next is not.
# fails: shelf.taint, web.by_the_taint
kubectl config set-context --current --namespace "$team"
kubectl patch deployment trainer -p '{"spec": {"template": {"spec": {
    "nodeSelector": {"shelf": "gpu"}, "tolerations": [{"key": "shelf", "operator": "Exists"}]}}}}'
kubectl patch deployment web -p '{"spec": {"template": {"spec": {
    "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
        {"matchExpressions": [{"key": "shelf", "operator": "NotIn", "values": ["gpu"]}]}]}}}}}}}'
kubectl rollout status deployment/trainer --timeout=90s
kubectl rollout status deployment/web --timeout=90s
