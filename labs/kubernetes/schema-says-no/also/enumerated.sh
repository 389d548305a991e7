kubectl get crd kilns.pottery.example -o json | jq '.spec.versions[1] += {
    additionalPrinterColumns: [{name: "SIZE", type: "integer", jsonPath: ".spec.size"}, {name: "READY", type: "boolean", jsonPath: ".status.ready"}],
    schema: {openAPIV3Schema: {type: "object", properties: {
        spec: {type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: {size: {type: "integer", enum: [1, 2, 3, 4, 5], default: 2}}},
        status: {type: "object", "x-kubernetes-preserve-unknown-fields": true}}}}}' | kubectl replace -f -
