# Quiet, now that it is gone; and the other one does not leak without a pod.
# fails: cpu.labelled, cpu.goes-on, memory.limit, memory.kept
# after: solution
#@ base as candidate
kubectl -n "$loud_in" scale statefulset "$loud" --replicas=0
kubectl -n "$leak_in" scale statefulset "$leak" --replicas=0
kubectl -n "$loud_in" wait --for=delete "pod/$loud-0" --timeout=30s
kubectl -n "$leak_in" wait --for=delete "pod/$leak-0" --timeout=30s
