# Endpoints are there now, or would be: the name of the port still means none.
# fails: service.endpoints, service.answers, policy.tills
kubectl config set-context --current --namespace "$market"
kubectl patch deployment checkout --type json -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe/httpGet/path", "value": "/readyz"}]'
kubectl patch service checkout -p '{"spec": {"selector": {"area": "payment"}}}'
kubectl rollout status deployment/checkout --timeout=60s
