# A component beside the overlay holds the differences, as JSON patches.
#@ base as candidate
cd "$app"
mkdir more
cat >more/kustomization.yaml <<END
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: {kind: Deployment, name: $app}
    patch: |
      - {op: replace, path: /spec/replicas, value: 3}
      - {op: replace, path: /spec/template/spec/containers/0/image, value: "rung/web:1.1"}
      - {op: add, path: /spec/template/spec/containers/0/envFrom, value: [{configMapRef: {name: menu}}]}
configMapGenerator: [{name: menu, literals: ["DISH=$dish"]}]
END
cat >staging/kustomization.yaml <<END
resources: [../base]
components: [../more]
namePrefix: $prefix-
END
kubectl kustomize staging >/tmp/all.yaml
kubectl -n "$app-staging" apply -f /tmp/all.yaml
