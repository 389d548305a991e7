#@ node01
journalctl -u kubelet --no-pager | tail -3
rm /etc/systemd/system/kubelet.service.d/20-change.conf
systemctl daemon-reload
sed -i "s|/$slip.sock|/containerd.sock|" /var/lib/kubelet/config.yaml
systemctl enable --now kubelet
