# fails: everywhere.daemonset, everywhere.control-plane, everywhere.node01, everywhere.pods, everywhere.gone, everywhere.later, knows.first, knows.second, knows.logs, knows.readonly
# Two replicas are on two nodes only by chance.
kubectl -n "$team" delete deployment agent
kubectl -n "$team" apply -f - <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: agent}
spec:
  replicas: 2
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]
      containers:
        - name: box
          image: rung/box:1.0
          env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
          volumeMounts: [{name: log, mountPath: /host/log, readOnly: true}]
      volumes: [{name: log, hostPath: {path: /var/log}}]
END
