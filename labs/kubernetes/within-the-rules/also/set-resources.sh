# kubectl set resources writes one half, a JSON patch the other.
kubectl -n "$house" set resources deployment guest --limits=cpu=0.1,memory=100Mi --requests=cpu=0.1
kubectl -n "$house" patch deployment guest --type=json -p '[{"op": "add", "path": "/spec/template/spec/containers/0/securityContext", "value":
  {"allowPrivilegeEscalation": false, "runAsNonRoot": true, "runAsUser": 1000, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}}]'
