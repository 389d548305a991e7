#@ base as candidate
for namespace in mill mint dock tower; do
    kubectl top pods -n "$namespace" --no-headers | sed "s/^/$namespace /"
done >top.txt
read -r namespace pod _ < <(sort -k3 -rn top.txt)
kubectl -n "$namespace" label pod "$pod" audit=cpu

# In MiB, the most first; one of them has more each time.
while read -r namespace pod memory <<<"$(for namespace in mill mint dock tower; do
    kubectl top pods -n "$namespace" --no-headers | awk -v n="$namespace" '{ sub("Mi", "", $3); print n, $1, $3 }'
done | sort -k3 -rn | head -1)" && [ "$memory" -lt 60 ]; do sleep 5; done
kubectl -n "$namespace" set resources statefulset "${pod%-0}" -c work --limits=memory=96Mi
kubectl -n "$namespace" rollout status statefulset "${pod%-0}" --timeout=60s

kubectl top pods -A --sort-by=memory --no-headers | awk 'NR == 1 { print $2 }' >biggest.txt
