#@ controlplane
cd /etc/kubernetes/manifests
sed -i -e "/$flag/d" -e "s|/etc/kubernetes/$folder|/etc/kubernetes/pki|" -e 's|127.0.0.1:2380|127.0.0.1:2379|' kube-apiserver.yaml
export KUBECONFIG=/etc/kubernetes/admin.conf
for _ in $(seq 100); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    sleep 1
done
