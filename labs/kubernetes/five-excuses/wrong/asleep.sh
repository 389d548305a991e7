# It stays up now, for it does nothing.
# fails: prompter.whispers
# after: solution
kubectl -n "$troupe" get pod prompter -o json | jq '.spec.containers[0].command = ["sleep", "infinity"]' >/tmp/p.json
kubectl replace --force -f /tmp/p.json
