# fails: closed.outward, closed.nobody, closed.table
# after: solution
kubectl -n "$yard" patch networkpolicy nobody -p '{"spec": {"policyTypes": ["Ingress", "Egress"]}}'
