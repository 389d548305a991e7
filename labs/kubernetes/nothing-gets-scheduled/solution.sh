#@ controlplane
sed -i "s|--kubeconfig=/etc/kubernetes/$conf|--kubeconfig=/etc/kubernetes/scheduler.conf|" /etc/kubernetes/manifests/kube-scheduler.yaml
sed -i "s|/pki/$key|/pki/ca.crt|" /etc/kubernetes/manifests/kube-controller-manager.yaml
