# fails: back.replicas
# after: solution
kubectl -n "$team" scale deployment checkout --replicas=$((replicas - 1))
