#@ node01
grep staticPodPath /var/lib/kubelet/config.yaml
cd /etc/kubernetes/manifests
sed -i "s/web:1\.O/web:1.0/; s/value: $port/value: \"$port\"/" "$pod.yaml"
mv "$pod.yaml" /etc/kubelet/pods.d/
