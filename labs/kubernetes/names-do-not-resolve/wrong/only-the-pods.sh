# fails: names.service, names.headless, names.called, names.address, policy.dns
# The pods run again, and the work seems done.
kubectl -n kube-system get configmap coredns -o yaml | sed "s/kubernets /kubernetes /" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system rollout status deployment coredns --timeout=90s
