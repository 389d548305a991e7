# kubeadm writes the manifest anew, and the broken one is kept somewhere else.
#@ controlplane
mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/broken.yaml
kubeadm init phase control-plane apiserver --config /kind/kubeadm.conf
export KUBECONFIG=/etc/kubernetes/admin.conf
for _ in $(seq 100); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    sleep 1
done
