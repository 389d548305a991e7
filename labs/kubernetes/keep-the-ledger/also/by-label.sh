# A label leads to the volume; the pod is written by kubectl run.
kubectl patch pv "ledger-$year" --type=json -p '[{"op": "remove", "path": "/spec/claimRef"}]'
kubectl -n "$guild" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ledger}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: shelf
  selector: {matchLabels: {ledger: "y$year"}}
  resources: {requests: {storage: 1Gi}}
END
kubectl -n "$guild" run bookkeeper --image=rung/box:1.0 --overrides='
{"spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "ledger"}}],
 "containers": [{"name": "bookkeeper", "image": "rung/box:1.0", "volumeMounts": [{"name": "v", "mountPath": "/books"}]}]}}'
