# fails: inside.stable, outside.stable
# One label is not enough: the canary has it, too.
kubectl -n "$house" patch service catalog --type=merge -p "
spec:
  type: NodePort
  selector: {app: catalog}
  ports: [{name: http, port: 80, targetPort: http, nodePort: $port}]
"
