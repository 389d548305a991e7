# The pod is bound by hand, and a ReplicaSet and pods are made that nobody controls.
# fails: scheduler.ready, manager.ready, oven.pods, oven.rollout
kubectl create -f - <<END
apiVersion: v1
kind: Binding
metadata: {name: helper, namespace: $shop}
target: {apiVersion: v1, kind: Node, name: controlplane}
END
for n in $(seq "$replicas"); do
    kubectl -n "$shop" apply -f - <<END
apiVersion: v1
kind: Pod
metadata: {name: oven-$n, labels: {app: oven}}
spec:
  nodeName: controlplane
  automountServiceAccountToken: false
  containers: [{name: web, image: "rung/web:1.0"}]
END
done
kubectl -n "$shop" wait --for=condition=Ready pod --all --timeout=60s
