# A limit for all, and a label for all: then the right one is among them.
# fails: cpu.others, memory.others
# after: solution
#@ base as candidate
for namespace in mill mint dock tower; do
    kubectl -n "$namespace" label pods --all --overwrite audit=cpu
done
kubectl -n dock set resources statefulset ledger -c work --limits=memory=96Mi
kubectl -n dock rollout status statefulset ledger --timeout=60s
