# fails: service.near, service.far, service.address
# The address of something else: that of the API inside the cluster.
kubectl -n "$office" apply -f - <<END
apiVersion: v1
kind: Service
metadata: {name: ledger}
spec:
  ports: [{name: db, port: $port}]
END
address=$(kubectl get service kubernetes -o jsonpath={.spec.clusterIP})
kubectl -n "$office" apply -f - <<END
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: ledger-base
  labels: {kubernetes.io/service-name: ledger}
addressType: IPv4
ports: [{name: db, port: $port}]
endpoints: [{addresses: [$address]}]
END
