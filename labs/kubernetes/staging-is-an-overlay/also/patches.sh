# Strategic-merge patches in files, a file for the generator, consistent labels, and the namespace on the command line.
#@ base as candidate
cd "$app/staging"
cat >larger.yaml <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: $app}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: rung/web:1.1
          env: [{name: DISH, valueFrom: {configMapKeyRef: {name: menu, key: DISH}}}]
END
echo "DISH=$dish" >menu.env
kustomize create --resources ../base --nameprefix "$prefix-"
kustomize edit add patch --path larger.yaml --kind Deployment
kustomize edit add configmap menu --from-env-file menu.env
cat >>kustomization.yaml <<END
labels:
  - pairs: {stage: staging}
    includeSelectors: true
END
kustomize build . | kubectl -n "$app-staging" apply -f -
