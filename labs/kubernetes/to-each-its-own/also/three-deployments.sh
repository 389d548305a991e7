# Three Deployments with a claim each; laborious, but every pod finds its data again.
kubectl -n "$town" delete deployment tally
for number in 1 2 3; do
    kubectl -n "$town" apply -f - <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: tally-$number}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 50Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tally-$number}
spec:
  strategy: {type: Recreate}
  selector: {matchLabels: {app: tally, number: "$number"}}
  template:
    metadata: {labels: {app: tally, number: "$number"}}
    spec:
      terminationGracePeriodSeconds: 1
      volumes:
        - {name: d, persistentVolumeClaim: {claimName: tally-$number}}
        - {name: s, emptyDir: {medium: Memory, sizeLimit: 65536Ki}}
        - name: c
          projected:
            sources:
              - secret: {name: tally-key, items: [{key: key, path: key}]}
              - configMap: {name: tally-settings, items: [{key: region, path: region}]}
      containers:
        - name: box
          image: rung/box:1.0
          volumeMounts: [{name: d, mountPath: /data}, {name: s, mountPath: /scratch}, {name: c, mountPath: /etc/tally/}]
END
done
for number in 1 2 3; do kubectl -n "$town" rollout status "deployment/tally-$number" --timeout=60s; done
