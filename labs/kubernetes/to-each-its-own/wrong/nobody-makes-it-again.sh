# Three pods with three claims, all in order; but nobody makes a pod again that is lost.
# fails: data.comes-back
kubectl -n "$town" delete deployment tally
for number in 1 2 3; do
    kubectl -n "$town" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: tally-$number}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 100Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: tally-$number, labels: {app: tally}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: box
      image: rung/box:1.0
      volumeMounts:
        - {name: data, mountPath: /data}
        - {name: scratch, mountPath: /scratch}
        - {name: settings, mountPath: /etc/tally, readOnly: true}
  volumes:
    - {name: data, persistentVolumeClaim: {claimName: tally-$number}}
    - {name: scratch, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
    - {name: settings, projected: {sources: [{configMap: {name: tally-settings}}, {secret: {name: tally-key}}]}}
END
done
kubectl -n "$town" wait --for=condition=Ready pod/tally-1 pod/tally-2 pod/tally-3 --timeout=60s
