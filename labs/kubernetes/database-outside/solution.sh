address=$(awk '/^Address:/ { print $2 }' /srv/ledger/README)
kubectl -n "$office" apply -f - <<END
apiVersion: v1
kind: Service
metadata: {name: ledger}
spec:
  ports: [{name: db, port: $port}]
END
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
