# Another name, one pod after the other, and a service name that nobody uses.
kubectl -n "$town" delete deployment tally
kubectl -n "$town" apply -f - <<END
apiVersion: v1
kind: Service
metadata: {name: tally}
spec: {clusterIP: None, selector: {app: tally}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: votes}
spec:
  serviceName: nobody
  replicas: 3
  minReadySeconds: 1
  selector: {matchLabels: {app: tally}}
  template:
    metadata: {labels: {app: tally}}
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
        - {name: scratch, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
        - {name: settings, projected: {sources: [{configMap: {name: tally-settings}}, {secret: {name: tally-key}}]}}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 100Mi}}
END
kubectl -n "$town" rollout status statefulset/votes --timeout=100s
