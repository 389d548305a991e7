# fails: loading.ready, stuck.restarted, loading.complete
# It is killed before it has loaded, again and again.
cat >/tmp/probes.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 1}
          livenessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2, failureThreshold: 2}
END
kubectl -n "$team" patch deployment search --patch-file /tmp/probes.yaml
kubectl -n "$team" rollout status deployment/search --timeout=30s || true
