# Three revisions: 1.0, 1.1, and 1.2 that gets stuck.
cd /
for _ in $(seq 100); do
    [ -n "$(kubectl -n "$team" get replicasets -o name)" ] && break
    sleep 0.2
done
release() {
    kubectl -n "$team" set image deployment/checkout "web=rung/web:$1"
    kubectl -n "$team" annotate deployment/checkout --overwrite "kubernetes.io/change-cause=$2"
}
release 1.1 "faster search"
kubectl -n "$team" rollout status deployment/checkout --timeout=90s
release 1.2-bad "new look"
