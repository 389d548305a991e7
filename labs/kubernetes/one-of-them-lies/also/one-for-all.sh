# All of it in one policy for the store, and one for the office.
kubectl -n "$yard" delete networkpolicy office-to-store
kubectl label namespace customs controls=yes
kubectl -n "$yard" apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: gate-to-office}
spec:
  podSelector: {matchLabels: {role: office}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {role: gate}}}]
      ports: [{protocol: TCP, port: $port}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: store}
spec:
  podSelector: {matchLabels: {role: store}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {role: office}}}]
      ports: [{port: $port, endPort: $port}]
    - from:
        - namespaceSelector: {matchLabels: {controls: "yes"}}
          podSelector: {matchExpressions: [{key: role, operator: NotIn, values: [clerk]}, {key: role, operator: In, values: [inspector]}]}
      ports: [{port: $port}]
END
