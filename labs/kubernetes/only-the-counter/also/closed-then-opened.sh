# One policy that closes everything, two that open what is needed; a label of one's own, the port by its name.
kubectl label namespace "$front" sells=yes
kubectl apply -n "$vault" -f - <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [register]}]}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: counter}
spec:
  podSelector: {matchLabels: {app: register}}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: counter}}
          namespaceSelector: {matchLabels: {sells: "yes"}}
      ports: [{protocol: TCP, port: http}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: names}
spec:
  podSelector: {matchLabels: {app: register}}
  policyTypes: [Egress]
  egress:
    - ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
END
