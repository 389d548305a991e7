# fails: keeper.secrets, keeper.no-delete, keeper.elsewhere
kubectl create clusterrolebinding "$farm-keeper" --clusterrole=cluster-admin --serviceaccount="$farm:$account"
kubectl -n "$farm" wait --for=condition=Available deployment/keeper --timeout=60s
