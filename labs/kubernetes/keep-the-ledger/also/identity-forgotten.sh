# The volume remembers no identity any more, so a claim of that name is the right one; it finds the volume by itself.
kubectl patch pv "ledger-$year" --type=json -p '[{"op": "remove", "path": "/spec/claimRef/uid"}, {"op": "remove", "path": "/spec/claimRef/resourceVersion"}]'
kubectl -n "$guild" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ledger}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: shelf
  # any size up to that of the volume
  resources: {requests: {storage: 1Gi}}
END
kubectl -n "$guild" apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: bookkeeper}
spec:
  containers:
    - name: box
      image: rung/box:1.0
      volumeMounts: [{name: books, mountPath: /books}]
  volumes: [{name: books, persistentVolumeClaim: {claimName: ledger}}]
END
