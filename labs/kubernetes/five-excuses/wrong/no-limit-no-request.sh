# What is not asked for cannot be refused.
# fails: furnace.limit, stage.request, cloakroom.by-hand
# after: solution
cd /tmp
kubectl config set-context --current --namespace "$troupe"
for pod in furnace stage; do
    kubectl get pod "$pod" -o json | jq 'del(.spec.containers[0].resources)' >"$pod.json"
    kubectl replace --force -f "$pod.json"
done
kubectl get pod cloakroom -o json | jq --arg n "$hooks" '.spec.containers[0].env = [{name: "HOOKS", value: $n}]' >c.json
kubectl replace --force -f c.json
