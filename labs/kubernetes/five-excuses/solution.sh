cd /tmp
kubectl config set-context --current --namespace "$troupe"
kubectl set image pod/poster web=rung/web:1.1

kubectl get pod cloakroom -o yaml | sed 's/key: hooks/key: hook-count/' >cloakroom.yaml
kubectl get pod furnace -o yaml | sed 's/memory: 24Mi/memory: 192Mi/' >furnace.yaml
kubectl get pod prompter -o yaml | sed 's/tonight\.text/tonight.txt/' >prompter.yaml
kubectl get pod stage -o yaml | sed 's/cpu: "100"/cpu: 100m/' >stage.yaml
for pod in cloakroom furnace prompter stage; do
    kubectl replace --force -f "$pod.yaml"
done
kubectl wait --for=condition=Ready pod --all --timeout=100s
