# The unit is reverted, and the socket told by a flag in the file for the node's own flags.
#@ node01
systemctl revert kubelet
sed -i 's|^containerRuntimeEndpoint:.*||' /var/lib/kubelet/config.yaml
sed -i 's|^KUBELET_EXTRA_ARGS=|&--container-runtime-endpoint=unix:///run/containerd/containerd.sock |' /etc/default/kubelet
systemctl reenable kubelet
systemctl start kubelet
