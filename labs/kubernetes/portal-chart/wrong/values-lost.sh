# One new value, and the others are the chart's again.
# fails: install.given, upgrade.pods, upgrade.motto
#@ base as candidate
helm install portal portal --repo http://localhost:8879 --version 1.0.0 -n "$space" --create-namespace --set "replicas=2,service.nodePort=$port,motto=$motto"
helm upgrade portal portal --repo http://localhost:8879 --version 1.1.0 -n "$space" --reset-values --set service.port=8080 --wait --timeout 60s
# What ends may answer until it has ended.
until [ "$(kubectl -n "$space" get pods --no-headers | wc -l)" = 1 ]; do sleep 1; done
