# The Service is mended, and another one opens the port of the nodes.
kubectl apply -f - <<END
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: $house}
spec:
  selector: {app: catalog, track: stable}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: v1
kind: Service
metadata: {name: catalog-outside, namespace: $house}
spec:
  type: LoadBalancer
  selector: {app: catalog, track: stable}
  ports: [{port: 8080, nodePort: $port}]
END
