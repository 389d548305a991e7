# Deleted, and put back from a copy.
# fails: size.tall, size.wide
# after: solution
kubectl -n "$yard" get kilns -o json | jq 'del(.items[].metadata | .uid, .resourceVersion, .creationTimestamp, .annotations)' >/tmp/kilns.json
kubectl -n "$yard" delete kilns --all
kubectl create -f /tmp/kilns.json
