# Without a budget everything goes at once; a new one is made afterwards. The lonely pod is lost.
# fails: drain.budget, keeper.elsewhere
kubectl -n "$shop" get pdb shop -o json | jq 'del(.metadata.uid, .metadata.resourceVersion, .status)' >/tmp/pdb.json
kubectl -n "$shop" delete pdb shop
kubectl -n "$shop" scale deployment shop --replicas 5
kubectl -n "$shop" rollout status deployment/shop --timeout=60s
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --force --timeout=90s
kubectl create -f /tmp/pdb.json
kubectl -n "$shop" rollout status deployment/shop --timeout=60s
