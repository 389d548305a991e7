# Volumes by hand for all three; the class that nobody knows needs no StorageClass for that.
kubectl apply -f - <<END
apiVersion: v1
kind: PersistentVolume
metadata: {name: $team-pictures}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: standart
  hostPath: {path: /var/lib/by-hand/$team-pictures, type: DirectoryOrCreate}
END
kubectl apply -f - <<END
apiVersion: v1
kind: PersistentVolume
metadata: {name: $team-shared}
spec:
  capacity: {storage: 3Gi}
  accessModes: [ReadWriteOnce, ReadWriteMany]
  storageClassName: by-hand
  hostPath: {path: /var/lib/by-hand/$team-shared, type: DirectoryOrCreate}
END
kubectl apply -f - <<END
apiVersion: v1
kind: PersistentVolume
metadata: {name: $team-archive}
spec:
  capacity: {storage: 10Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: by-hand
  hostPath: {path: /var/lib/by-hand/$team-archive, type: DirectoryOrCreate}
END
