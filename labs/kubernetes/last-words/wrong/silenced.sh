# No lines at all are too few, and a log of the last lines only is not the whole one.
# fails: inker.not-silent, folder.saved
# after: solution
#@ base as candidate
kubectl -n "$press" logs deployment/press -c folder --tail=20 >folder.log
kubectl -n "$press" patch configmap inker -p '{"data": {"LINES_PER_SECOND": "0"}}'
kubectl -n "$press" rollout restart deployment/press
kubectl -n "$press" rollout status deployment/press --timeout=60s
sleep 12
