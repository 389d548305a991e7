# The first version was never there.
# fails: install.first
#@ base as candidate
helm install portal portal --repo http://localhost:8879 -n "$space" --create-namespace --set "replicas=2,service.nodePort=$port,motto=$motto" --wait --timeout 60s
helm upgrade portal portal --repo http://localhost:8879 -n "$space" --reuse-values
