# The status is written by hand, and the operator, which knows better, writes it again.
# fails: operator.may, harbor.ready, harbor.lamps, harbor.owned
cd /srv/lantern
sed -i 's/served: false/served: true/' crd.yaml
kubectl apply -f crd.yaml
kubectl wait --for=condition=Established crd/lanterns.lights.example --timeout=30s
kubectl apply -f rbac.yaml -f operator.yaml
kubectl -n "$quay" rollout status deployment/lantern-operator --timeout=60s
until kubectl -n "$quay" apply -f - <<END; do sleep 1; done
apiVersion: lights.example/v1
kind: Lantern
metadata: {name: harbor}
spec: {lamps: $lamps}
END
kubectl -n "$quay" patch lantern harbor --subresource=status --type=merge -p '{"status": {"ready": true}}'
sleep 8
