# fails: guests.ready
# Two fit into the quota, the third one does not.
cat >/tmp/guest.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {cpu: 250m, memory: 96Mi}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
END
kubectl -n "$house" patch deployment guest --patch-file /tmp/guest.yaml
