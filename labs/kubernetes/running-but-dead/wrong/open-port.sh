# fails: stuck.restarted
# The port is open also when the worker is stuck.
cat >/tmp/probes.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          startupProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 30}
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 1}
          livenessProbe: {tcpSocket: {port: http}, periodSeconds: 4}
END
kubectl -n "$team" patch deployment search --patch-file /tmp/probes.yaml
kubectl -n "$team" rollout status deployment/search --timeout=90s
