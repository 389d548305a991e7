# fails: claim.policy
# after: solution
kubectl patch pv "ledger-$year" -p '{"spec": {"persistentVolumeReclaimPolicy": "Delete"}}'
