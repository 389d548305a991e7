# A manifest of one's own, with a port of the node that leads into the pod.
#@ node01
rm "/etc/kubernetes/manifests/$pod.yaml"
cat >/etc/kubelet/pods.d/anything.json <<END
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "$pod"},
 "spec": {"containers": [{"name": "light", "image": "rung/web:1.0", "ports": [{"containerPort": 8080, "hostPort": $port}]}]}}
END
