# One flag too many was taken for the culprit.
# fails: safe.flags
#@ controlplane
sed -i -e "/$flag/d" -e "s|/etc/kubernetes/$folder|/etc/kubernetes/pki|" -e 's|127.0.0.1:2380|127.0.0.1:2379|' \
    -e '/--enable-admission-plugins/d' /etc/kubernetes/manifests/kube-apiserver.yaml
export KUBECONFIG=/etc/kubernetes/admin.conf
for _ in $(seq 100); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    sleep 1
done
kubectl -n kube-system wait --for=condition=Ready pod/kube-apiserver-controlplane --timeout=60s
