# A rule in CEL, and every field by its type.
kubectl patch crd kilns.pottery.example --type json -p '[
  {"op": "add", "path": "/spec/versions/1/additionalPrinterColumns", "value": [
    {"name": "Ready", "type": "string", "jsonPath": ".status.ready"},
    {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
    {"name": "Cone", "type": "integer", "jsonPath": ".spec.cone"}]},
  {"op": "replace", "path": "/spec/versions/1/schema/openAPIV3Schema", "value": {
    "type": "object",
    "properties": {
      "spec": {"type": "object", "properties": {
        "size": {"type": "integer", "default": 2, "x-kubernetes-validations": [{"rule": "self in [1, 2, 3, 4, 5]", "message": "a size from 1 to 5"}]},
        "glaze": {"type": "string"},
        "cone": {"type": "integer"}}},
      "status": {"type": "object", "properties": {"ready": {"type": "boolean"}}}}}}]'
