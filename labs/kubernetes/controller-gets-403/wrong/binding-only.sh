# Read, but not changed.
# fails: keeper.ready, keeper.bees, keeper.scales
kubectl -n "$farm" create rolebinding keeper-2 --role=keeper --serviceaccount="$farm:$account"
kubectl -n "$farm" patch role keeper --type json -p '[{"op": "add", "path": "/rules/-", "value": {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "patch"]}}]'
sleep 5
