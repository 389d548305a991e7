# fails: claim.bound, pod.running, pod.accounts
# The volume is still Released: it waits for a claim that does not exist any more.
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
