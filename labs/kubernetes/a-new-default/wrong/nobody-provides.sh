# fails: class.provisioner, claim.bound, claim.pod, claim.first
# Nobody makes volumes of that sort here.
kubectl apply -f - <<END
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: $name, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: kubernetes.io/no-provisioner
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
END
kubectl annotate storageclass standard --overwrite storageclass.kubernetes.io/is-default-class=false
kubectl -n "$team" apply -f - <<'END'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: sheets}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 50Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: printer}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: box, image: "rung/box:1.0", volumeMounts: [{name: sheets, mountPath: /sheets}]}]
  volumes: [{name: sheets, persistentVolumeClaim: {claimName: sheets}}]
END
