kubectl -n "$yard" patch networkpolicy gate-to-office -p '{"spec": {"podSelector": {"matchLabels": {"role": "office"}}}}'
kubectl -n "$yard" patch networkpolicy office-to-store --type=json -p '[
  {"op": "remove", "path": "/spec/ingress/0/from/2"},
  {"op": "add", "path": "/spec/ingress/0/from/1/podSelector", "value": {"matchLabels": {"role": "inspector"}}}]'
