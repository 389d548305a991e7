# kubeadm writes the DNS anew, onto the same Service; the policy that there is gets one more rule.
kubectl -n kube-system delete configmap coredns
#@ controlplane
kubeadm init phase addon coredns --kubeconfig=/etc/kubernetes/admin.conf --kubernetes-version="$(kubeadm version -o short)"
#@ base
kubectl -n kube-system rollout restart deployment coredns
kubectl -n "$back" patch networkpolicy only-orders --type=json -p '[{"op": "add", "path": "/spec/egress/-", "value":
  {"to": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
   "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}}]'
kubectl -n kube-system rollout status deployment coredns --timeout=90s
