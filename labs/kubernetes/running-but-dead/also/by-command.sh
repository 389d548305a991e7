# No startup probe: patience instead, and commands that ask.
cat >/tmp/probes.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          readinessProbe:
            exec: {command: [wget, -q, -O, /dev/null, "http://127.0.0.1:8080/readyz"]}
            periodSeconds: 3
          livenessProbe:
            exec: {command: [sh, -c, "wget -q -O /dev/null http://127.0.0.1:8080/readyz"]}
            initialDelaySeconds: 15
            periodSeconds: 5
            failureThreshold: 2
END
kubectl -n "$team" patch deployment search --patch-file /tmp/probes.yaml
kubectl -n "$team" rollout status deployment/search --timeout=90s
