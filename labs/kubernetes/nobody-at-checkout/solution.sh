kubectl config set-context --current --namespace "$market"
kubectl patch deployment checkout --type json -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe/httpGet/path", "value": "/readyz"}]'
kubectl patch service checkout --type json -p '[
    {"op": "replace", "path": "/spec/selector/area", "value": "payment"},
    {"op": "replace", "path": "/spec/ports/0/targetPort", "value": "'"$named"'"}]'
kubectl patch networkpolicy checkout --type json -p '[{"op": "replace", "path": "/spec/ingress/0/from/0/podSelector/matchLabels/role", "value": "'"$role"'"}]'
kubectl rollout status deployment/checkout --timeout=60s
