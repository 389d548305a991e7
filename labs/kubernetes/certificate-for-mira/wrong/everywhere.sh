# fails: rights.not-elsewhere, rights.no-secrets
# after: solution
kubectl create clusterrolebinding movers --clusterrole=edit --group="$group"
