# All keys become variables; the whole ConfigMap is a directory, by a projected volume.
kubectl -n "$team" apply -f - <<END
apiVersion: v1
kind: ConfigMap
metadata: {name: booking-settings}
data:
  APP_MODE: $mode
  limits.yaml: |
    seats: $seats
---
apiVersion: v1
kind: Secret
metadata: {name: booking-login}
stringData: {APP_PASSWORD: "$password"}
END
cat >/tmp/change.json <<'END'
[
 {"op": "remove", "path": "/spec/template/spec/initContainers"},
 {"op": "remove", "path": "/spec/template/spec/containers/0/env"},
 {"op": "add", "path": "/spec/template/spec/containers/0/envFrom", "value": [
  {"configMapRef": {"name": "booking-settings"}}, {"secretRef": {"name": "booking-login"}}]},
 {"op": "replace", "path": "/spec/template/spec/containers/0/volumeMounts", "value": [{"name": "limits", "mountPath": "/etc/booking"}]},
 {"op": "replace", "path": "/spec/template/spec/volumes", "value": [{"name": "limits", "projected": {"sources": [{"configMap": {"name": "booking-settings"}}]}}]}
]
END
kubectl -n "$team" patch deployment booking --type=json --patch-file /tmp/change.json
kubectl -n "$team" rollout status deployment/booking --timeout=90s
