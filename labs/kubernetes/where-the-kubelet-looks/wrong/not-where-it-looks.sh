# The manifest is right now, and nobody reads it.
# fails: pod.runs, pod.static, answers.port
#@ node01
sed -i "s/web:1\.O/web:1.0/; s/value: $port/value: \"$port\"/" "/etc/kubernetes/manifests/$pod.yaml"
systemctl restart kubelet
