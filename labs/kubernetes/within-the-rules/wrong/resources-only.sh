# fails: guests.ready, guests.memory
# The quota is content; now the standard objects.
cat >/tmp/guest.yaml <<'END'
spec:
  template:
    spec:
      containers:
        - name: web
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {cpu: 200m, memory: 96Mi}
END
kubectl -n "$house" patch deployment guest --patch-file /tmp/guest.yaml
