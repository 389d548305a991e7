# fails: logs.read
kubectl -n "$team" create role look --verb=get,list,watch --resource=pods
kubectl -n "$team" create rolebinding look --role=look --serviceaccount="$team:$account"
