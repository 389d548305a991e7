# Flag and folder are right, and the port is still that of etcd's peers.
# fails: answers.readyz, answers.pod, answers.logbook, safe.rights, safe.flags
#@ controlplane
sed -i -e "/$flag/d" -e "s|/etc/kubernetes/$folder|/etc/kubernetes/pki|" /etc/kubernetes/manifests/kube-apiserver.yaml
sleep 5
