# fails: outside.controlplane
# after: solution
kubectl -n "$house" patch service catalog -p '{"spec": {"externalTrafficPolicy": "Local"}}'
# kube-proxy follows a moment later; until then the old rules answer.
for _ in $(seq 100); do curl -s -o /dev/null --max-time 1 "http://controlplane:$port/" || exit 0; sleep 0.2; done
