# fails: inside.canary
# The pods are changed to fit the selector.
kubectl -n "$house" delete deployment catalog-canary
kubectl -n "$house" create deployment catalog-canary --image=rung/web:1.1
kubectl -n "$house" patch service catalog --type=merge -p "
spec:
  type: NodePort
  selector: {app: catalog}
  ports: [{name: http, port: 80, targetPort: http, nodePort: $port}]
"
