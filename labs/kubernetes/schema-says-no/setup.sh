kubectl wait --for=condition=Established crd/kilns.pottery.example --timeout=30s
until kubectl apply -f - <<END; do sleep 0.5; done
apiVersion: v1
kind: List
items:
  - apiVersion: pottery.example/v1
    kind: Kiln
    metadata: {name: tall, namespace: $yard}
    spec: {size: $big, glaze: $glaze, cone: 6}
    status: {ready: true}
  - apiVersion: pottery.example/v1
    kind: Kiln
    metadata: {name: wide, namespace: $yard}
    spec: {size: 3, glaze: clear, cone: 10}
    status: {ready: false}
END
