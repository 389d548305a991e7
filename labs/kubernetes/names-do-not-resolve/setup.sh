# A slip in the Corefile, and a Service that looks for other pods.
kubectl -n kube-system get configmap coredns -o json |
    jq '.data.Corefile |= sub("(?<indent> +)kubernetes cluster.local"; "\(.indent)kubernets cluster.local")' |
    kubectl apply -f - 2>/dev/null
kubectl -n kube-system patch service kube-dns -p '{"spec": {"selector": {"k8s-app": "core-dns"}}}'
kubectl -n kube-system delete pods -l k8s-app=kube-dns --grace-period=1
kubectl -n kube-system get configmap coredns -o jsonpath='{.data.Corefile}' | grep -q kubernets
