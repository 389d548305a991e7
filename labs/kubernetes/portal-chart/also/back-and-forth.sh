# With a wrong turn that is rolled back.
#@ base as candidate
helm repo add "$repo" http://localhost:8879
helm install portal "$repo/portal" --version ~1.0 -n "$space" --create-namespace --set "replicas=2,service.nodePort=$port,motto=$motto"
helm upgrade portal "$repo/portal" -n "$space" --reset-then-reuse-values
helm upgrade portal "$repo/portal" -n "$space" --set replicas=5
helm rollback portal 2 -n "$space"
