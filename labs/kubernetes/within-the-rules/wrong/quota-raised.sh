# fails: guests.quota
cat >/tmp/guest.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {cpu: 500m, memory: 256Mi}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
END
kubectl -n "$house" patch deployment guest --patch-file /tmp/guest.yaml
kubectl -n "$house" patch resourcequota rules -p '{"spec": {"hard": {"limits.cpu": "2", "limits.memory": "1Gi"}}}'
kubectl -n "$house" rollout restart deployment guest
kubectl -n "$house" rollout status deployment guest --timeout=60s
