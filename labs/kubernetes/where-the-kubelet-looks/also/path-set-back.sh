# The kubelet is told to look where everybody else's does.
#@ node01
sed -i "s/web:1\.O/web:1.0/; s/value: $port/value: '$port'/" "/etc/kubernetes/manifests/$pod.yaml"
sed -i 's|^staticPodPath:.*|staticPodPath: /etc/kubernetes/manifests|' /var/lib/kubelet/config.yaml
systemctl restart kubelet
