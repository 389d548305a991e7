# fails: guests.memory
cat >/tmp/guest.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          resources:
            requests: {cpu: 50m}
            limits: {cpu: 200m, memory: 20Mi}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
END
kubectl -n "$house" patch deployment guest --patch-file /tmp/guest.yaml
