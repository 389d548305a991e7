# The dish came later, and only into the file.
# fails: live.as-rendered, live.dish
#@ base as candidate
cd "$app/staging"
cat >kustomization.yaml <<END
resources: [../base]
namespace: $app-staging
namePrefix: $prefix-
replicas: [{name: $app, count: 3}]
images: [{name: rung/web, newTag: "1.1"}]
END
kubectl apply -k .
cat >>kustomization.yaml <<END
configMapGenerator: [{name: menu, literals: ["DISH=$dish"]}]
END
