# What runs now, for the learner to start from.
kubectl -n "$town" get deployment tally -o json |
    jq 'del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.generation, .metadata.creationTimestamp, .metadata.annotations)' |
    yq -P -p json -o yaml >/srv/tally.yaml
chmod 644 /srv/tally.yaml
