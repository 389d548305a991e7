# Quiet: there is no inker.
# fails: inker.quiet, inker.not-silent, inker.three
# after: solution
#@ base as candidate
kubectl -n "$press" patch deployment press --type json -p '[{"op": "remove", "path": "/spec/template/spec/containers/1"}]'
kubectl -n "$press" rollout status deployment/press --timeout=60s
