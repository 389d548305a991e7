# Any pod of the namespace is let in.
# fails: policy.nobody-else
# after: solution
kubectl -n "$market" patch networkpolicy checkout --type json -p '[{"op": "replace", "path": "/spec/ingress/0/from", "value": [{"podSelector": {}}]}]'
