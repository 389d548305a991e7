# fails: policy.dns
# Answers that are too long for UDP come by TCP.
kubectl -n kube-system get configmap coredns -o yaml | sed "s/kubernets /kubernetes /" | kubectl replace -f -
kubectl -n kube-system rollout restart deployment coredns
kubectl -n kube-system patch service kube-dns -p '{"spec": {"selector": {"k8s-app": "kube-dns"}}}'
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
      ports: [{protocol: UDP, port: 53}]
END
kubectl -n kube-system rollout status deployment coredns --timeout=90s
