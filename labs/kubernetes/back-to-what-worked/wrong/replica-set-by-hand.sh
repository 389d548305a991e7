# fails: back.release
# The Deployment still wants 1.2; it takes back what is done behind its back.
for each in $(kubectl -n "$team" get replicasets -o json | jq -r '.items[] | select(.spec.template.spec.containers[0].image == "rung/web:1.1").metadata.name'); do
    kubectl -n "$team" scale replicaset "$each" --replicas="$replicas"
done
kubectl -n "$team" patch deployment checkout -p '{"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}}'
