kubectl -n "$house" patch service catalog --type=merge -p "
spec:
  type: NodePort
  selector: {app: catalog, track: stable}
  ports: [{name: http, port: 80, targetPort: http, nodePort: $port}]
"
