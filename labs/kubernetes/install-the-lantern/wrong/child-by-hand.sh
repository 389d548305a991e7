# What the operator may not do is done for it, once.
# fails: operator.may
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
uid=$(kubectl -n "$quay" get lantern harbor -o jsonpath='{.metadata.uid}')
kubectl -n "$quay" apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata:
  name: harbor-lamps
  ownerReferences: [{apiVersion: lights.example/v1, kind: Lantern, name: harbor, uid: "$uid", controller: true}]
spec:
  replicas: $lamps
  selector: {matchLabels: {lantern: harbor}}
  template:
    metadata: {labels: {lantern: harbor}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: lamp, image: "rung/box:1.0"}]
END
kubectl -n "$quay" wait --for=jsonpath='{.status.ready}'=true lantern/harbor --timeout=60s
