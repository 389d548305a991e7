# fails: claim.volume
# Deleted and made again under the same name.
kubectl get pv "ledger-$year" -o json |
    jq '{apiVersion, kind, metadata: {name: .metadata.name}, spec: (.spec | del(.claimRef))}' >/tmp/volume.json
kubectl delete pv "ledger-$year"
kubectl apply -f /tmp/volume.json
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
kubectl -n "$guild" wait --for=condition=Ready pod/bookkeeper --timeout=60s
