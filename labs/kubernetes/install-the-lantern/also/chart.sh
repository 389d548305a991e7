# A chart of one's own; and a Role of the namespace in the place of the ClusterRole.
helm create /tmp/lantern >/dev/null
cd /tmp/lantern
rm -r templates/* values.yaml
mkdir crds
sed 's/served: false/served: true/' /srv/lantern/crd.yaml >crds/crd.yaml
cp /srv/lantern/operator.yaml templates/
sed 's/ClusterRole$/Role/; s/\[get, list, watch, patch\]/["*"]/' /srv/lantern/rbac.yaml | yq 'select(.kind != "RoleBinding")' >templates/rbac.yaml
kubectl -n "$quay" create rolebinding lit --role=lantern-operator --serviceaccount="$quay:lantern-operator" --dry-run=client -o yaml >templates/binding.yaml
helm install lantern . --namespace "$quay" --wait --timeout 60s
kubectl -n "$quay" apply -f - <<END
apiVersion: lights.example/v1
kind: Lantern
metadata: {name: harbor}
spec: {lamps: $lamps}
END
kubectl -n "$quay" wait --for=jsonpath='{.status.ready}'=true lantern/harbor --timeout=60s
