# Until the startup probe has succeeded a pod is not ready either; then a restart is the answer to everything.
cat >/tmp/probes.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          startupProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 30}
          livenessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 4, failureThreshold: 3}
END
kubectl -n "$team" patch deployment search --patch-file /tmp/probes.yaml
kubectl -n "$team" rollout status deployment/search --timeout=90s
