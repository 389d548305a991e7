kubectl patch pv "ledger-$year" --type=json -p '[{"op": "remove", "path": "/spec/claimRef"}]'
kubectl -n "$guild" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ledger}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: shelf
  volumeName: ledger-$year
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
