# fails: closed.port
# after: solution
kubectl -n "$yard" patch networkpolicy gate-to-office --type=json -p '[{"op": "remove", "path": "/spec/ingress/0/ports"}]'
