kubectl create namespace "$shop"
kubectl -n "$shop" create secret generic "$secret" --from-literal "code=$code"
kubectl -n "$shop" apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: stall}
spec:
  replicas: 2
  selector: {matchLabels: {app: stall}}
  template:
    metadata: {labels: {app: stall}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: web, image: "rung/web:1.0"}]
END
kubectl -n "$shop" rollout status deployment/stall --timeout=90s
#@ controlplane
mkdir -p /srv/backup
pki=/etc/kubernetes/pki/etcd
etcdctl --endpoints https://127.0.0.1:2379 --cacert $pki/ca.crt --cert $pki/server.crt --key $pki/server.key \
    snapshot save /srv/backup/monday.db
chmod 600 /srv/backup/monday.db
#@ base
kubectl -n default create configmap "tuesday-$later" --from-literal made=tuesday
kubectl delete namespace "$shop" --timeout=90s
