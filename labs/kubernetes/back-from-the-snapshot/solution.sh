#@ controlplane
[ -e /var/lib/etcd-monday ] && exit 0
pki=/etc/kubernetes/pki/etcd
etcdctl --endpoints https://127.0.0.1:2379 --cacert $pki/ca.crt --cert $pki/server.crt --key $pki/server.key \
    snapshot save /srv/backup/tuesday.db
etcdutl snapshot restore /srv/backup/monday.db --data-dir /var/lib/etcd-monday
mkdir /root/manifests
mv /etc/kubernetes/manifests/*.yaml /root/manifests
for _ in $(seq 120); do
    pgrep '^(etcd|kube-(apiserver|controller|scheduler))' >/dev/null || break
    sleep 0.5
done
sed -i 's|path: /var/lib/etcd$|path: /var/lib/etcd-monday|' /root/manifests/etcd.yaml
mv /root/manifests/*.yaml /etc/kubernetes/manifests
systemctl restart kubelet
export KUBECONFIG=/etc/kubernetes/admin.conf
for _ in $(seq 120); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    sleep 1
done
kubectl -n "$shop" rollout status deployment/stall --timeout=90s
