# The metrics API itself, and a patch; the limit is the whole of the pod's resources.
#@ base as candidate
usage() { # cpu|memory [NAMESPACE...]
    kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods | jq -r --arg what "$1" '
        def number: if endswith("n") then (.[:-1] | tonumber) elif endswith("u") then (.[:-1] | tonumber) * 1000 elif endswith("m") then (.[:-1] | tonumber) * 1000000
            elif endswith("Ki") then (.[:-2] | tonumber) * 1024 elif endswith("Mi") then (.[:-2] | tonumber) * 1048576 else tonumber end;
        [.items[] | {name: .metadata.name, namespace: .metadata.namespace, used: ([.containers[].usage[$what] | number] | add)}] |
        sort_by(-.used)[] | "\(.namespace) \(.name) \(.used)"'
}
ours() { grep -E '^(mill|mint|dock|tower) '; }
read -r namespace pod _ < <(usage cpu | ours)
kubectl -n "$namespace" patch pod "$pod" -p '{"metadata": {"labels": {"audit": "cpu"}}}'
while read -r namespace pod used <<<"$(usage memory | ours | head -1)" && [ "${used%.*}" -lt 60000000 ]; do sleep 5; done
kubectl -n "$namespace" patch statefulset "${pod%-0}" -p '{"spec": {"template": {"spec": {"containers": [{"name": "work", "resources": {"requests": null, "limits": {"memory": "100663296"}}}]}}}}'
kubectl -n "$namespace" rollout status statefulset "${pod%-0}" --timeout=60s
usage memory | awk 'NR == 1 { print $1 "/" $2 }' >biggest.txt
