# The file that the change speaks of is made; the drop-in stays.
#@ node01
sed 's|^containerRuntimeEndpoint:.*|containerRuntimeEndpoint: "unix:///var/run/containerd/containerd.sock"|' /var/lib/kubelet/config.yaml >"/var/lib/kubelet/$file"
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -s /lib/systemd/system/kubelet.service /etc/systemd/system/multi-user.target.wants/kubelet.service
systemctl daemon-reload
systemctl restart kubelet
