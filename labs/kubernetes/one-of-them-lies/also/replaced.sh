# The two policies go, and three small ones come, one for each line of the table.
kubectl -n "$yard" delete networkpolicy gate-to-office office-to-store
flow() { # to, and the peer
    kubectl -n "$yard" apply -f - <<END
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: $1}
spec:
  podSelector: {matchExpressions: [{key: role, operator: In, values: [$2]}]}
  ingress:
    - from: [$3]
      ports: [{port: $port}]
END
}
flow one office '{podSelector: {matchLabels: {role: gate}}}'
flow two store '{podSelector: {matchLabels: {role: office}}}'
flow three store '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: customs}}, podSelector: {matchLabels: {role: inspector}}}'
