kubectl config set-context --current --namespace "$shop"
kubectl get pod "$keeper" -o json | jq 'del(.spec.nodeName, .status, .metadata.uid, .metadata.resourceVersion)' >/tmp/keeper.json
kubectl scale deployment shop --replicas 4
kubectl rollout status deployment/shop --timeout=60s
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --force --timeout=90s
kubectl create -f /tmp/keeper.json
