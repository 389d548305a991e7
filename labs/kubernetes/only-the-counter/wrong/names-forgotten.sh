# fails: egress.dns
# Closed, and the DNS with it.
kubectl apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: register, namespace: $vault}
spec:
  podSelector: {matchLabels: {app: register}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: $front}}
          podSelector: {matchLabels: {app: counter}}
      ports: [{port: 8080}]
END
