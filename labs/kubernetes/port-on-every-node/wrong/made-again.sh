# fails: inside.kept
kubectl -n "$house" delete service catalog
kubectl -n "$house" expose deployment catalog --type=NodePort --port=80 --target-port=http
kubectl -n "$house" patch service catalog --type=json -p "[{\"op\": \"replace\", \"path\": \"/spec/ports/0/nodePort\", \"value\": $port}]"
