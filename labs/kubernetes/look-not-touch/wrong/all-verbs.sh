# fails: pods.not-touch
kubectl -n "$team" create role look --verb='*' --resource=pods,pods/log,pods/exec,pods/eviction
kubectl -n "$team" create rolebinding look --role=look --serviceaccount="$team:$account"
