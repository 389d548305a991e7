kubectl -n "$team" create role look --verb=get,list,watch --resource=pods --dry-run=client -o yaml >/tmp/role.yaml
kubectl apply -f /tmp/role.yaml
kubectl -n "$team" create role read-logs --verb=get --resource=pods/log
kubectl -n "$team" create rolebinding look --role=look --serviceaccount="$team:$account"
kubectl -n "$team" create rolebinding read-logs --role=read-logs --serviceaccount="$team:$account"
