# fails: guests.standard
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
kubectl label namespace "$house" --overwrite pod-security.kubernetes.io/enforce=baseline
kubectl -n "$house" rollout restart deployment guest
kubectl -n "$house" rollout status deployment guest --timeout=60s
