kubectl -n "$guild" wait pod/clerk --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s
kubectl -n "$guild" delete pod clerk --grace-period=1
kubectl -n "$guild" delete pvc ledger
