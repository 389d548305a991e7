# A namespace is made, and not used.
# fails: install.release, install.given, install.first, upgrade.version, upgrade.pods
#@ base as candidate
kubectl create namespace "$space"
helm install portal portal --repo http://localhost:8879 --version 1.0.0 --set "replicas=2,service.nodePort=$port,motto=$motto"
helm upgrade portal portal --repo http://localhost:8879 --version 1.1.0 --reuse-values --wait --timeout 60s
