#@ controlplane
# A kubeconfig and a certificate that do not exist. No copy stays where the kubelet would find it.
cd /etc/kubernetes/manifests
sed "s|--kubeconfig=/etc/kubernetes/scheduler.conf|--kubeconfig=/etc/kubernetes/$conf|" kube-scheduler.yaml >/root/a.yaml
sed "s|--client-ca-file=/etc/kubernetes/pki/ca.crt|--client-ca-file=/etc/kubernetes/pki/$key|" kube-controller-manager.yaml >/root/b.yaml
grep -q "/$conf" /root/a.yaml
grep -q "/$key" /root/b.yaml
mv /root/a.yaml kube-scheduler.yaml
mv /root/b.yaml kube-controller-manager.yaml
for program in kube-scheduler kube-controller-manager; do
    for _ in $(seq 80); do
        pgrep -f "^$program .*/\($conf\|$key\)" >/dev/null && break
        pgrep -x "${program:0:15}" >/dev/null || break
        sleep 0.5
    done
done
sleep 2
#@ base
# The namespace's own service account would be made by the controller manager.
kubectl create namespace "$shop"
kubectl -n "$shop" create serviceaccount default
kubectl -n "$shop" apply -f - <<END
apiVersion: v1
kind: Pod
metadata: {name: helper}
spec:
  automountServiceAccountToken: false
  containers: [{name: web, image: "rung/web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: oven}
spec:
  replicas: $replicas
  selector: {matchLabels: {app: oven}}
  template:
    metadata: {labels: {app: oven}}
    spec:
      containers: [{name: web, image: "rung/web:1.0"}]
END
