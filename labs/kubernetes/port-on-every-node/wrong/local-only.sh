# fails: outside.controlplane
# after: solution
kubectl -n "$house" patch service catalog -p '{"spec": {"externalTrafficPolicy": "Local"}}'
