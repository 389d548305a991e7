# The pods' labels are made to fit the Service's selector as well; both labels are there then.
kubectl -n kube-system get configmap coredns -o yaml | sed "s/kubernets /kubernetes /" | kubectl replace -f -
kubectl -n kube-system patch deployment coredns -p '{"spec": {"template": {"metadata": {"labels": {"k8s-component": "dns"}}}}}'
kubectl -n kube-system patch service kube-dns --type=json -p '[{"op": "replace", "path": "/spec/selector", "value": {"k8s-component": "dns"}}]'
kubectl -n "$back" patch networkpolicy only-orders --type=json -p '[{"op": "add", "path": "/spec/egress/-", "value":
  {"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}}]'
kubectl -n kube-system rollout status deployment coredns --timeout=90s
