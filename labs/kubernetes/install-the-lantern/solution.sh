cd /srv/lantern
sed -i 's/served: false/served: true/' crd.yaml
sed -i 's/verbs: \[get, list, watch, patch\]/verbs: [get, list, watch, create, patch]/' rbac.yaml
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
kubectl -n "$quay" wait --for=jsonpath='{.status.ready}'=true lantern/harbor --timeout=60s
