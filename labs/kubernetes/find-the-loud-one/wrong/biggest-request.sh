# Who asks for the most, in CPU and in memory.
# fails: cpu.labelled, cpu.others, memory.limit, memory.lasts, memory.others, whole.biggest
#@ base as candidate
kubectl -n mint set resources statefulset smelter -c work --limits=memory=96Mi --requests=memory=96Mi
kubectl -n mint rollout status statefulset smelter --timeout=60s
kubectl -n mint label pod smelter-0 audit=cpu
echo smelter-0 >biggest.txt
