# The budget lets everything go: it was asked for none.
# fails: drain.guards
kubectl -n "$shop" patch pdb shop -p '{"spec": {"minAvailable": 0}}'
kubectl -n "$shop" scale deployment shop --replicas 6
kubectl -n "$shop" rollout status deployment/shop --timeout=60s
kubectl -n "$shop" get pod "$keeper" -o json | jq 'del(.spec.nodeName, .status, .metadata.uid, .metadata.resourceVersion)' >/tmp/keeper.json
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --force --timeout=90s
kubectl create -f /tmp/keeper.json
kubectl -n "$shop" rollout status deployment/shop --timeout=60s
