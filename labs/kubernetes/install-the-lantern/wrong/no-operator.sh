# Everything by hand, and no operator at all.
# fails: operator.runs, harbor.tended
# after: solution
kubectl -n "$quay" scale deployment lantern-operator --replicas=0
kubectl -n "$quay" delete pod -l app=lantern-operator --ignore-not-found --wait
