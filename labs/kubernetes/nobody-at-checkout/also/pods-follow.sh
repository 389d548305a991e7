# The pods get the label and the port's name that the Service asks for.
kubectl config set-context --current --namespace "$market"
kubectl get deployment checkout -o json | jq --arg port "$named-8080" '.spec.template |=
    (.metadata.labels.area = "payments" | .spec.containers[0] |=
        (.ports[0].name = $port | .readinessProbe.httpGet |= {path: "/readyz", port: $port}))' | kubectl apply -f -
kubectl get networkpolicy checkout -o yaml | sed "s/role: ${role}s/role: $role/" | kubectl replace -f -
kubectl rollout status deployment/checkout --timeout=60s
