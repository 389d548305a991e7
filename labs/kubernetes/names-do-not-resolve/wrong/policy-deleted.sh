# fails: policy.rest, policy.kept
kubectl -n kube-system get configmap coredns -o yaml | sed "s/kubernets /kubernetes /" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system patch service kube-dns -p '{"spec": {"selector": {"k8s-app": "kube-dns"}}}'
kubectl -n "$back" delete networkpolicy only-orders
kubectl -n kube-system rollout status deployment coredns --timeout=90s
