# Everything is deleted and written anew: a port by its number, a selector with one label, a policy by a name of its own.
kubectl config set-context --current --namespace "$market"
kubectl delete deployment/checkout service/checkout networkpolicy/checkout
kubectl apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout}
spec:
  replicas: 2
  selector: {matchLabels: {app: checkout}}
  template:
    metadata: {labels: {app: checkout}}
    spec:
      containers:
        - name: web
          image: rung/web:1.1
          readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: checkout}
spec:
  selector: {app: checkout}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-tills}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [checkout]}]}
  ingress:
    - from: [{podSelector: {matchExpressions: [{key: role, operator: In, values: [$role]}]}}]
      ports: [{port: 8080}]
END
kubectl rollout status deployment/checkout --timeout=60s
