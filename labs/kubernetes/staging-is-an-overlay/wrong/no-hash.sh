# fails: menu.generated
# after: solution
#@ base as candidate
cd "$app/staging"
printf 'generatorOptions: {disableNameSuffixHash: true}\n' >>kustomization.yaml
kubectl apply -k .
kubectl -n "$app-staging" rollout status "deployment/$prefix-$app" --timeout=60s
