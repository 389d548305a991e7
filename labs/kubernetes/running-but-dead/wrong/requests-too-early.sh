# fails: loading.ready
# Nothing keeps requests away while the index is loaded.
cat >/tmp/probes.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          livenessProbe: {httpGet: {path: /readyz, port: http}, initialDelaySeconds: 15, periodSeconds: 4}
END
kubectl -n "$team" patch deployment search --patch-file /tmp/probes.yaml
kubectl -n "$team" rollout status deployment/search --timeout=90s
