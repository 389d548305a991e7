# The whole manifest anew, onto the same object.
kubectl -n "$team" apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout}
spec:
  replicas: $replicas
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector: {matchLabels: {app: checkout}}
  template:
    metadata: {labels: {app: checkout}}
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: web
          image: rung/web:1.1
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 1}
END
