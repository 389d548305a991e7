# Restored into a directory that no etcd was told of.
# fails: back.secret, back.same, back.as-on-monday, works.stall
#@ controlplane
pki=/etc/kubernetes/pki/etcd
etcdctl --endpoints https://127.0.0.1:2379 --cacert $pki/ca.crt --cert $pki/server.crt --key $pki/server.key \
    snapshot save /srv/backup/tuesday.db
etcdutl snapshot restore /srv/backup/monday.db --data-dir /var/lib/etcd-monday
