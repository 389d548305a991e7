#@ node01
# Three mistakes: a configuration that does not exist, a socket that does not exist, and a service that is not enabled.
mkdir -p /etc/systemd/system/kubelet.service.d
cat >/etc/systemd/system/kubelet.service.d/20-change.conf <<END
# Change 4711: one configuration for all workers.
[Service]
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/$file"
END
sed -i "s|^containerRuntimeEndpoint:.*|containerRuntimeEndpoint: unix:///run/containerd/$slip.sock|" /var/lib/kubelet/config.yaml
grep -q "/$slip.sock" /var/lib/kubelet/config.yaml
systemctl daemon-reload
systemctl disable --now kubelet
#@ base
# The cluster would notice by itself, after most of a minute.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
kubectl patch node node01 --subresource status -p '{"status": {"conditions": [{"type": "Ready", "status": "Unknown", "reason":
    "NodeStatusUnknown", "message": "Kubelet stopped posting node status.", "lastHeartbeatTime": "'"$now"'", "lastTransitionTime": "'"$now"'"}]}}'
kubectl apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: courier, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: courier}}
  template:
    metadata: {labels: {app: courier}}
    spec:
      nodeSelector: {kubernetes.io/hostname: node01}
      terminationGracePeriodSeconds: 2
      containers: [{name: web, image: "rung/web:1.0"}]
END
#@ node01
systemctl start kubelet || true
sleep 2
systemctl stop kubelet
