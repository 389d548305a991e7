#@ base as candidate
cd "$app/staging"
cat >kustomization.yaml <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: $app-staging
namePrefix: $prefix-
resources: [../base]
replicas: [{name: $app, count: 3}]
images: [{name: rung/web, newTag: "1.1"}]
configMapGenerator:
  - name: menu
    literals: ["DISH=$dish"]
patches:
  - target: {kind: Deployment}
    patch: |
      - {op: add, path: /spec/template/spec/containers/0/envFrom, value: [{configMapRef: {name: menu}}]}
END
kubectl apply -k .
