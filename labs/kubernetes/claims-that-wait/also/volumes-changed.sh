# The default class, and the volumes that are there, changed to fit.
kubectl -n "$team" delete pvc pictures
kubectl -n "$team" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pictures}
spec:
  # no class: the default one
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
END
kubectl patch pv "$team-a" -p '{"spec": {"accessModes": ["ReadWriteMany"]}}'
kubectl patch pv "$team-b" -p "{\"spec\": {\"capacity\": {\"storage\": \"${size}Gi\"}}}"
