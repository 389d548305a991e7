# The differences are made where production sees them.
# fails: overlay.base, overlay.base-deployment
#@ base as candidate
cd "$app"
sed -i 's/replicas: 1/replicas: 3/; s/web:1.0/web:1.1/' base/deployment.yaml
cat >staging/kustomization.yaml <<END
resources: [../base]
namePrefix: $prefix-
configMapGenerator: [{name: menu, literals: ["DISH=$dish"]}]
patches:
  - target: {kind: Deployment}
    patch: |
      - {op: add, path: /spec/template/spec/containers/0/envFrom, value: [{configMapRef: {name: menu}}]}
END
kubectl -n "$app-staging" apply -k staging
