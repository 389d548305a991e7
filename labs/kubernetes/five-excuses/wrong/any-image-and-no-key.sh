# An image that is there, and a key that may be missing.
# fails: poster.ready, cloakroom.hooks
# after: solution
kubectl -n "$troupe" set image pod/poster web=rung/web:1.0
kubectl -n "$troupe" get pod cloakroom -o json | jq '.spec.containers[0].env[0].valueFrom.configMapKeyRef |= {name: "cloakroom", key: "hooks", optional: true}' >/tmp/c.json
kubectl replace --force -f /tmp/c.json
