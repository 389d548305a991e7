# fails: claim.bound, pod.accounts
# A claim without a class gets a new volume, which is empty.
kubectl -n "$guild" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ledger}
spec:
  accessModes: [ReadWriteOnce]
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
kubectl -n "$guild" wait --for=condition=Ready pod/bookkeeper --timeout=60s
