# A ClusterRole bound in the namespace, beside what is there.
kubectl create clusterrole "$farm-scaler" --verb=get,patch --resource=deployments.apps/scale
kubectl -n "$farm" create rolebinding keeper-scales --clusterrole="$farm-scaler" --serviceaccount="$farm:$account"
kubectl -n "$farm" create rolebinding keeper-reads --role=keeper --serviceaccount="$farm:$account"
kubectl -n "$farm" rollout restart deployment/keeper
