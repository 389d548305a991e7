# fails: back.object
kubectl -n "$team" get deployment checkout -o json |
    jq '.spec.template.spec.containers[0].image = "rung/web:1.1" | .spec.strategy.rollingUpdate = {maxUnavailable: 0, maxSurge: 1}' >/tmp/checkout.json
kubectl replace --force -f /tmp/checkout.json
kubectl -n "$team" rollout status deployment/checkout --timeout=90s
