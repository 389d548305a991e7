# A number may have a half; the columns' heads are there, and one shows nothing.
# fails: size.no-half, columns.rows
# after: solution
kubectl patch crd kilns.pottery.example --type json -p '[
  {"op": "replace", "path": "/spec/versions/1/schema/openAPIV3Schema/properties/spec/properties/size/type", "value": "number"},
  {"op": "replace", "path": "/spec/versions/1/additionalPrinterColumns/1/jsonPath", "value": ".spec.ready"}]'
sleep 3
