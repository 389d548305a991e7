kubectl get crd kilns.pottery.example -o yaml >/tmp/kilns.yaml
yq -i '.spec.versions[1] |= . + {
    "schema": {"openAPIV3Schema": {
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": true,
        "properties": {
            "spec": {
                "type": "object",
                "default": {},
                "x-kubernetes-preserve-unknown-fields": true,
                "properties": {"size": {"type": "integer", "minimum": 1, "maximum": 5, "default": 2}}
            }
        }
    }},
    "additionalPrinterColumns": [
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
        {"name": "Ready", "type": "boolean", "jsonPath": ".status.ready"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}
    ]
}' /tmp/kilns.yaml
kubectl apply -f /tmp/kilns.yaml
