# Role and RoleBinding are written anew, for just the objects that are meant.
kubectl -n "$farm" delete role/keeper rolebinding/keeper
kubectl -n "$farm" create role plan-reader --verb=get --resource=configmaps --resource-name=plan
kubectl -n "$farm" create role scaler --verb=get,patch,update --resource=deployments.apps/scale --resource-name=bees
kubectl -n "$farm" create rolebinding plan-reader --role=plan-reader --serviceaccount="$farm:$account"
kubectl -n "$farm" create rolebinding scaler --role=scaler --serviceaccount="$farm:$account"
