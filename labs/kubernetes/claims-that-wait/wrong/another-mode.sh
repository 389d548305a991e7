# fails: shared.claim
kubectl -n "$team" delete pvc pictures
kubectl -n "$team" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pictures}
spec:
  storageClassName: standard
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
END
kubectl -n "$team" delete pvc shared
kubectl -n "$team" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: shared}
spec:
  storageClassName: by-hand
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 2Gi}}
END
kubectl -n "$team" delete pvc archive
kubectl -n "$team" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: archive}
spec:
  storageClassName: standard
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: ${size}Gi}}
END
for each in pictures shared archive; do kubectl -n "$team" rollout status deployment "$each" --timeout=60s; done
