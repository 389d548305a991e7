# fails: egress.closed
# Without egress rules and without the type nothing is limited.
kubectl apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: register, namespace: $vault}
spec:
  podSelector: {matchLabels: {app: register}}
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: $front}}
          podSelector: {matchLabels: {app: counter}}
      ports: [{port: 8080}]
END
