# A node's port leads in from outside.
# fails: service.inside
# after: solution
kubectl -n "$market" patch service checkout -p '{"spec": {"type": "NodePort"}}'
