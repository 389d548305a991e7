# The new class is a copy of the old one under another name; the old one loses its annotation.
kubectl get storageclass standard -o json | jq --arg name "$name" '{apiVersion, kind, provisioner, reclaimPolicy, volumeBindingMode, metadata: {name: $name}}' | kubectl create -f -
kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class-
kubectl patch storageclass "$name" -p '{"metadata": {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}'
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
