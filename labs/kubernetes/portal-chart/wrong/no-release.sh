# What the chart renders, applied by hand.
# fails: install.release, install.given, install.first, upgrade.version
#@ base as candidate
kubectl create namespace "$space"
helm template portal portal --repo http://localhost:8879 --version 1.1.0 --set "replicas=2,service.nodePort=$port,motto=$motto" \
    | kubectl -n "$space" apply -f -
kubectl -n "$space" rollout status deployment/portal --timeout=60s
