# fails: names.service, names.headless, names.called, names.address
# A new Service gets a new address, and every pod goes on asking at the old one.
kubectl -n kube-system get configmap coredns -o yaml | sed "s/kubernets /kubernetes /" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system delete service kube-dns
kubectl -n kube-system create service clusterip kube-dns --clusterip=10.96.0.53 --tcp=53:53
kubectl -n kube-system patch service kube-dns --type=merge -p '{"spec": {"selector": {"app": null, "k8s-app": "kube-dns"},
  "ports": [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]}}'
kubectl -n "$back" apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: names}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
      ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
END
kubectl -n kube-system rollout status deployment coredns --timeout=90s
