# By kubectl set env; the file by a strategic patch.
kubectl -n "$team" create configmap booking-settings --from-literal=mode="$mode" --from-literal=limits.yaml="seats: $seats"
kubectl -n "$team" create secret generic booking-login --from-literal=APP_PASSWORD="$password"
kubectl -n "$team" patch configmap booking-settings --type=merge -p "{\"data\": {\"APP_MODE\": \"$mode\", \"mode\": null}}"
kubectl -n "$team" set env deployment/booking APP_MODE- APP_PASSWORD-
kubectl -n "$team" set env deployment/booking --from=configmap/booking-settings --keys=APP_MODE
kubectl -n "$team" set env deployment/booking --from=secret/booking-login
kubectl -n "$team" patch deployment booking -p '
spec:
  template:
    spec:
      initContainers: [{$patch: delete, name: limits}]
      volumes: [{name: limits, emptyDir: null, configMap: {name: booking-settings}}]'
