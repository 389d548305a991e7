# The ConfigMap is written anew, the pod deleted; both logs are picked from one that tells where each line comes from.
#@ base as candidate
kubectl -n "$press" logs -l app=press --all-containers --prefix --tail=-1 | sed -n 's|^\[pod/[^ ]*/folder\] ||p' >folder.log
pod=$(kubectl -n "$press" get pod -l app=press -o name)
kubectl -n "$press" logs -p "$pod" -c composer | sed -n 's/^composer: \(E-[0-9]*\): plate.*/\1/p' >cause.txt
kubectl -n "$press" create configmap inker --from-literal LINES_PER_SECOND=1 --dry-run=client -o yaml | kubectl replace -f -
kubectl -n "$press" delete "$pod"
kubectl -n "$press" rollout status deployment/press --timeout=60s
