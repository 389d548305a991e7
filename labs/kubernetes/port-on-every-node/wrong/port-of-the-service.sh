# fails: inside.answers, outside.controlplane, outside.node01
# Everything looks right, and nothing listens at the container's port 80.
kubectl -n "$house" patch service catalog --type=merge -p "
spec:
  type: NodePort
  selector: {app: catalog, track: stable}
  ports: [{name: http, port: 80, targetPort: 80, nodePort: $port}]
"
