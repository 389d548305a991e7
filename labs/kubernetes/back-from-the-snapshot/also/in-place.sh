# Only etcd is stopped, and what it finds in its old place is the restored data. Everybody who has seen another time is started afresh.
#@ controlplane
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl -n kube-system exec etcd-controlplane -- etcdctl --endpoints https://127.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt \
    --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key \
    snapshot save /var/lib/etcd/tuesday.db
mv /var/lib/etcd/tuesday.db /srv/backup/tuesday.db
mv /etc/kubernetes/manifests/etcd.yaml /root/etcd.yaml
for _ in $(seq 120); do
    pgrep -x etcd >/dev/null || break
    sleep 0.5
done
mv /var/lib/etcd /var/lib/etcd-before
etcdutl snapshot restore /srv/backup/monday.db --data-dir /var/lib/etcd --bump-revision 1000000000 --mark-compacted
mv /root/etcd.yaml /etc/kubernetes/manifests/etcd.yaml
for name in kube-apiserver kube-controller-manager kube-scheduler; do
    crictl ps -q --name "$name" | xargs -r crictl stop
done
systemctl restart kubelet
for _ in $(seq 120); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    sleep 1
done
kubectl -n "$shop" rollout status deployment/stall --timeout=90s
kubectl -n kube-system wait --for=condition=Ready pod --all --timeout=90s
