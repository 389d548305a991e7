# fails: egress.dns
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
  egress:
    - ports: [{protocol: UDP, port: 53}]
END
