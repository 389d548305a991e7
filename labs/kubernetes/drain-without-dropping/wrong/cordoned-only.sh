# Nothing new comes, and what is there stays.
# fails: drain.empty, keeper.elsewhere
kubectl cordon node01
