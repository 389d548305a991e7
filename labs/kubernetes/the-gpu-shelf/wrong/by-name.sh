# It asks for node02 by its name, so another node of that shelf will not do.
# fails: trainer.only_there
# after: solution
kubectl -n "$team" patch deployment trainer -p '{"spec": {"template": {"spec": {
    "nodeSelector": {"shelf": null, "kubernetes.io/hostname": "node02"}}}}}'
kubectl -n "$team" rollout status deployment/trainer --timeout=90s
