# An Endpoints object, which the cluster turns into a slice.
address=$(awk '/^Address:/ { print $2 }' /srv/ledger/README)
kubectl -n "$office" apply -f - <<END
apiVersion: v1
kind: Service
metadata: {name: ledger}
spec:
  ports: [{port: $port}]
END
kubectl -n "$office" apply -f - <<END
apiVersion: v1
kind: Endpoints
metadata: {name: ledger}
subsets: [{addresses: [{ip: $address}], ports: [{port: $port}]}]
END
