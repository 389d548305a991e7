# The node is ready, and no service cares for the kubelet.
# fails: kubelet.runs, kubelet.ready after reboot, courier.ready after reboot, courier.on-node01 after reboot, last.by-itself
#@ node01
sed -i "s|/$slip.sock|/containerd.sock|" /var/lib/kubelet/config.yaml
/usr/lib/rung/kubelet-cgroups
. /var/lib/kubelet/kubeadm-flags.env
# shellcheck disable=SC2086
setsid nohup /usr/bin/kubelet --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml \
    $KUBELET_KUBEADM_ARGS --fail-cgroupv1=false >/dev/null 2>&1 </dev/null &
sleep 1
#@ base
kubectl wait --for=condition=Ready node/node01 --timeout=60s
kubectl rollout status deployment/courier --timeout=60s
