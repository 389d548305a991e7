# A toleration without a key, and so of every taint that any node will ever have.
# fails: trainer.may_be_there
# after: solution
kubectl -n "$team" patch deployment trainer -p '{"spec": {"template": {"spec": {"tolerations": [{"operator": "Exists"}]}}}}'
kubectl -n "$team" rollout status deployment/trainer --timeout=90s
