# nodeName puts the pods there without asking anybody; the taint is not even tolerated.
# fails: trainer.only_there, trainer.may_be_there
# after: solution
kubectl -n "$team" patch deployment trainer -p '{"spec": {"template": {"spec": {
    "nodeName": "node02", "nodeSelector": null, "tolerations": null}}}}'
kubectl -n "$team" rollout status deployment/trainer --timeout=90s
