# It answers, since it asks nobody any more; and then it lets in nobody whom it does not know, not even the kubelet's probe.
# fails: answers.pod, safe.rights, safe.flags
#@ controlplane
sed -i -e "/$flag/d" -e "s|/etc/kubernetes/$folder|/etc/kubernetes/pki|" -e 's|127.0.0.1:2380|127.0.0.1:2379|' \
    -e 's|--authorization-mode=Node,RBAC|--authorization-mode=AlwaysAllow|' /etc/kubernetes/manifests/kube-apiserver.yaml
export KUBECONFIG=/etc/kubernetes/admin.conf
for _ in $(seq 100); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    sleep 1
done
