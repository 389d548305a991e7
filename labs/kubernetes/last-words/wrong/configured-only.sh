# The ConfigMap is changed, and the container still has the old number.
# fails: inker.quiet
#@ base as candidate
kubectl -n "$press" logs -p deployment/press -c composer | grep -o 'E-[0-9]*:' | tr -d : >cause.txt
kubectl -n "$press" logs deployment/press -c folder >folder.log
kubectl -n "$press" patch configmap inker -p '{"data": {"LINES_PER_SECOND": "1"}}'
