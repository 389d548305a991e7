# fails: logs.nothing-else
kubectl -n "$team" create rolebinding look --clusterrole=view --serviceaccount="$team:$account"
