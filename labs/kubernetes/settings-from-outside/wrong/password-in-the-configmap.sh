# fails: password.source, password.secret
kubectl -n "$team" create configmap booking-settings --from-literal=mode="$mode" --from-literal=password="$password" --from-literal=limits.yaml="seats: $seats"
kubectl -n "$team" create secret generic booking-login --from-literal=password="$password"
cat >/tmp/change.json <<'END'
[
 {"op": "remove", "path": "/spec/template/spec/initContainers"},
 {"op": "remove", "path": "/spec/template/spec/containers/0/env"},
 {"op": "add", "path": "/spec/template/spec/containers/0/env", "value": [
  {"name": "APP_MODE", "valueFrom": {"configMapKeyRef": {"name": "booking-settings", "key": "mode"}}},
  {"name": "APP_PASSWORD", "valueFrom": {"configMapKeyRef": {"name": "booking-settings", "key": "password"}}}]},
 {"op": "replace", "path": "/spec/template/spec/containers/0/volumeMounts", "value": [{"name": "limits", "mountPath": "/etc/booking"}]},
 {"op": "replace", "path": "/spec/template/spec/volumes", "value": [{"name": "limits", "configMap": {"name": "booking-settings", "items": [{"key": "limits.yaml", "path": "limits.yaml"}]}}]}
]
END
kubectl -n "$team" patch deployment booking --type=json --patch-file /tmp/change.json
kubectl -n "$team" rollout status deployment/booking --timeout=90s
