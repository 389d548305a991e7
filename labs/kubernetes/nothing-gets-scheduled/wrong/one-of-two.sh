# Pods are made now and find no node; so the Deployment names one.
# fails: scheduler.ready, scheduler.helper, oven.as-it-was
#@ controlplane
sed -i "s|/pki/$key|/pki/ca.crt|" /etc/kubernetes/manifests/kube-controller-manager.yaml
#@ base
kubectl -n "$shop" patch deployment oven -p '{"spec": {"template": {"spec": {"nodeName": "controlplane"}}}}'
for _ in $(seq 100); do
    kubectl -n "$shop" rollout status deployment/oven --timeout=1s && break
    sleep 0.5
done
kubectl -n kube-system wait --for=condition=Ready pod/kube-controller-manager-controlplane --timeout=60s
