# The budget spares one pod; the lonely pod moves first.
kubectl cordon node01
kubectl -n "$shop" delete pod "$keeper"
kubectl -n "$shop" run "$keeper" --image rung/web:1.1 --labels kept=by-hand
kubectl -n "$shop" patch pdb shop -p '{"spec": {"minAvailable": 2}}'
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --timeout=90s
