# fails: stuck.restarted
cat >/tmp/probes.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 1}
          livenessProbe: {httpGet: {path: /readyz, port: http}, initialDelaySeconds: 180, periodSeconds: 4}
END
kubectl -n "$team" patch deployment search --patch-file /tmp/probes.yaml
kubectl -n "$team" rollout status deployment/search --timeout=90s
