# fails: everywhere.later
# The nodes of today by their names: the next one gets none.
kubectl -n "$team" delete deployment agent
kubectl -n "$team" apply -f - <<'END'
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [controlplane, node01]}]
      containers:
        - name: box
          image: rung/box:1.0
          env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
          volumeMounts: [{name: log, mountPath: /host/log, readOnly: true}]
      volumes: [{name: log, hostPath: {path: /var/log}}]
END
kubectl -n "$team" rollout status daemonset/agent --timeout=60s
