# fails: pods.look, logs.read
kubectl -n "$team" create role look --verb=get,list,watch --resource=pods,pods/log
kubectl -n "$team" create rolebinding look --role=look --user="$account"
