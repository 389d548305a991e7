# The schema stands below a version that nobody is served.
# fails: size.too-big, size.too-small, size.no-integer, size.no-half, size.default
kubectl patch crd kilns.pottery.example --type json -p '[
  {"op": "add", "path": "/spec/versions/1/additionalPrinterColumns", "value": [
    {"name": "Size", "type": "integer", "jsonPath": ".spec.size"}, {"name": "Ready", "type": "boolean", "jsonPath": ".status.ready"}]},
  {"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema", "value": {
    "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
      "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
        "size": {"type": "integer", "default": 2, "minimum": 1, "maximum": 5}}}}}}]'
sleep 3
