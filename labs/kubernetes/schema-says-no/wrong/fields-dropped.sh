# Only the size is known, and everything else is dropped from what is written; the default is forgotten.
# fails: size.default, size.fields, size.tall, size.wide
# after: solution
kubectl patch crd kilns.pottery.example --type json -p '[
  {"op": "replace", "path": "/spec/versions/1/schema/openAPIV3Schema", "value": {
    "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
      "spec": {"type": "object", "properties": {"size": {"type": "integer", "minimum": 1, "maximum": 5}}}}}}]'
sleep 3
