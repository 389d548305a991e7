# fails: everywhere.kept
# The taint is taken away, and everybody may come.
kubectl taint node controlplane node-role.kubernetes.io/control-plane:NoSchedule-
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
      containers:
        - name: box
          image: rung/box:1.0
          env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
          volumeMounts: [{name: log, mountPath: /host/log, readOnly: true}]
      volumes: [{name: log, hostPath: {path: /var/log}}]
END
kubectl -n "$team" rollout status daemonset/agent --timeout=60s
