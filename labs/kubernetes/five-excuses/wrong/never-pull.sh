# The excuse is another one now.
# fails: poster.ready
# after: solution
kubectl -n "$troupe" get pod poster -o json | jq '.spec.containers[0] |= (.image = "rung/web:1.l" | .imagePullPolicy = "Never")' >/tmp/p.json
kubectl replace --force -f /tmp/p.json
