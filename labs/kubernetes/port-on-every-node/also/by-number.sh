# Step by step, the port by its number.
kubectl -n "$house" set selector service catalog app=catalog,track=stable
kubectl -n "$house" patch service catalog --type=json -p '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8080}]'
kubectl -n "$house" patch service catalog -p '{"spec": {"type": "NodePort"}}'
kubectl -n "$house" patch service catalog --type=json -p "[{\"op\": \"replace\", \"path\": \"/spec/ports/0/nodePort\", \"value\": $port}]"
