# fails: archive.claim
# The request is cut down to what there is.
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
kubectl apply -f - <<END
apiVersion: v1
kind: PersistentVolume
metadata: {name: $team-shared}
spec:
  capacity: {storage: 2Gi}
  accessModes: [ReadWriteMany]
  storageClassName: by-hand
  hostPath: {path: /var/lib/by-hand/$team-shared, type: DirectoryOrCreate}
END
kubectl -n "$team" delete pvc archive
kubectl -n "$team" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: archive}
spec:
  storageClassName: by-hand
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 2Gi}}
END
for each in pictures shared archive; do kubectl -n "$team" rollout status deployment "$each" --timeout=60s; done
