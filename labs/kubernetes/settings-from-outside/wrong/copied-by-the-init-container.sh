# fails: limits.live
# The init container copies what the ConfigMap says when the pod begins.
kubectl -n "$team" create configmap booking-settings --from-literal=mode="$mode" --from-literal=limits.yaml="seats: $seats"
kubectl -n "$team" create secret generic booking-login --from-literal=password="$password"
cat >/tmp/change.json <<'END'
[
 {"op": "replace", "path": "/spec/template/spec/initContainers/0/command", "value": ["cp", "/source/limits.yaml", "/etc/booking/limits.yaml"]},
 {"op": "add", "path": "/spec/template/spec/initContainers/0/volumeMounts/-", "value": {"name": "source", "mountPath": "/source"}},
 {"op": "remove", "path": "/spec/template/spec/containers/0/env"},
 {"op": "add", "path": "/spec/template/spec/containers/0/env", "value": [
  {"name": "APP_MODE", "valueFrom": {"configMapKeyRef": {"name": "booking-settings", "key": "mode"}}},
  {"name": "APP_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "booking-login", "key": "password"}}}]},
 {"op": "replace", "path": "/spec/template/spec/containers/0/volumeMounts", "value": [{"name": "limits", "mountPath": "/etc/booking"}]},
 {"op": "replace", "path": "/spec/template/spec/volumes", "value": [{"name": "limits", "emptyDir": {}}, {"name": "source", "configMap": {"name": "booking-settings"}}]}
]
END
kubectl -n "$team" patch deployment booking --type=json --patch-file /tmp/change.json
kubectl -n "$team" rollout status deployment/booking --timeout=90s
