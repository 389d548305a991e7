# It is read, and no node has such an image.
# fails: pod.runs, answers.port
#@ node01
sed -i "s/value: $port/value: \"$port\"/" "/etc/kubernetes/manifests/$pod.yaml"
cp "/etc/kubernetes/manifests/$pod.yaml" /etc/kubelet/pods.d/
sleep 5
