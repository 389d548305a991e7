#@ base as candidate
helm repo add "$repo" http://localhost:8879
helm show values "$repo/portal" --version 1.0.0
helm install portal "$repo/portal" --version 1.0.0 --namespace "$space" --create-namespace \
    --set replicas=2 --set "service.nodePort=$port" --set-string "motto=$motto"
helm upgrade portal "$repo/portal" --version 1.1.0 --namespace "$space" --reuse-values
helm history portal --namespace "$space"
