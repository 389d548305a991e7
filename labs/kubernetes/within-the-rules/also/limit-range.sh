# A LimitRange gives every container what it does not ask for; the pod says what holds for all of its containers.
kubectl -n "$house" apply -f - <<'END'
apiVersion: v1
kind: LimitRange
metadata: {name: guests}
spec:
  limits:
    - type: Container
      default: {cpu: 100m, memory: 64Mi}
      defaultRequest: {cpu: 20m, memory: 32Mi}
END
cat >/tmp/guest.yaml <<'END'
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: web
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
END
kubectl -n "$house" patch deployment guest --patch-file /tmp/guest.yaml
