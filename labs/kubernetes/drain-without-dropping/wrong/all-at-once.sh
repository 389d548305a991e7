# Eviction is avoided: the pods are deleted, one and all.
# fails: drain.never-below
kubectl config set-context --current --namespace "$shop"
kubectl cordon node01
kubectl get pod "$keeper" -o json | jq 'del(.spec.nodeName, .status, .metadata.uid, .metadata.resourceVersion)' >/tmp/keeper.json
kubectl delete pods -l app=shop
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --force --disable-eviction --timeout=90s
kubectl create -f /tmp/keeper.json
kubectl rollout status deployment/shop --timeout=60s
