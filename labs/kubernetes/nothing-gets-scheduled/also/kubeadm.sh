# kubeadm writes both manifests anew.
#@ controlplane
kubeadm init phase control-plane scheduler --config /kind/kubeadm.conf
kubeadm init phase control-plane controller-manager --config /kind/kubeadm.conf
