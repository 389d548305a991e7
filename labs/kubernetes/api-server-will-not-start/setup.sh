kubectl -n default create configmap logbook --from-literal "entry=$entry"
#@ controlplane
# The peers' port, a flag that nobody knows, and a folder that does not exist.
manifest=/etc/kubernetes/manifests/kube-apiserver.yaml
sed -e 's|--etcd-servers=https://127.0.0.1:2379|--etcd-servers=https://127.0.0.1:2380|' \
    -e "/--enable-bootstrap-token-auth/a\\    - $flag" \
    -e "s|^\( *path: /etc/kubernetes/\)pki\$|\1$folder|" "$manifest" >/root/new.yaml
grep -q "path: /etc/kubernetes/$folder" /root/new.yaml
grep -q -e "$flag" /root/new.yaml
cp /root/new.yaml "$manifest"
rm /root/new.yaml
for _ in $(seq 120); do
    pgrep -f '^kube-apiserver .*:2379' >/dev/null || break
    sleep 0.5
done
