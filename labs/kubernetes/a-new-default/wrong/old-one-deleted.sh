# fails: default.standard
# Nobody who names the old class gets a volume any more.
kubectl apply -f - <<END
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: $name, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: $(kubectl get storageclass standard -o jsonpath='{.provisioner}')
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
END
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
kubectl -n "$team" wait --for=condition=Ready pod/printer --timeout=90s
kubectl -n "$team" exec printer -- sh -c "echo $team > /sheets/first"
kubectl delete storageclass standard
