# The bundle stays as it is; a kustomization patches it.
mkdir /tmp/lit
cd /tmp/lit
cp /srv/lantern/*.yaml .
cat >kustomization.yaml <<END
resources: [crd.yaml, rbac.yaml, operator.yaml]
patches:
  - target: {kind: CustomResourceDefinition}
    patch: '[{"op": "replace", "path": "/spec/versions/0/served", "value": true}]'
  - target: {kind: ClusterRole}
    patch: '[{"op": "add", "path": "/rules/2/verbs/-", "value": "create"}]'
END
kubectl apply -k .
kubectl wait --for=condition=Established crd/lanterns.lights.example --timeout=30s
kubectl -n "$quay" rollout status deployment/lantern-operator --timeout=60s
until kubectl -n "$quay" create -f - <<END; do sleep 1; done
{"apiVersion": "lights.example/v1", "kind": "Lantern", "metadata": {"name": "harbor"}, "spec": {"lamps": $lamps}}
END
kubectl -n "$quay" wait --for=jsonpath='{.status.ready}'=true lantern/harbor --timeout=60s
