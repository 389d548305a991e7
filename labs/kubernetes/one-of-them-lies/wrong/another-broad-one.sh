# fails: closed.within, closed.port
# after: solution
kubectl -n "$yard" apply -f - <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: neighbours}
spec:
  podSelector: {}
  ingress: [{from: [{podSelector: {}}]}]
END
