# A file of values, the chart by its address, one command for both.
#@ base as candidate
cat >mine.yaml <<END
replicas: 2
motto: "$motto"
service: {nodePort: $port}
END
kubectl create namespace "$space"
helm upgrade --install portal http://localhost:8879/portal-1.0.0.tgz -n "$space" -f mine.yaml --wait --timeout 60s
helm upgrade --install portal portal --repo http://localhost:8879 --version 1.1.0 -n "$space" -f mine.yaml
