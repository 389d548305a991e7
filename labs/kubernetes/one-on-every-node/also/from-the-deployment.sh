# A toleration for everything, and the DaemonSet made of the Deployment's own manifest.
kubectl -n "$team" get deployment agent -o json >/tmp/agent.json
kubectl -n "$team" delete deployment agent
jq '{apiVersion, kind: "DaemonSet", metadata: {name: "agent", namespace: .metadata.namespace},
     spec: {selector: .spec.selector, template: (.spec.template
       | .spec.tolerations = [{operator: "Exists"}]
       | .spec.containers[0].env = [{name: "NODE_NAME", valueFrom: {fieldRef: {fieldPath: "spec.nodeName"}}}]
       | .spec.containers[0].volumeMounts = [{name: "log", mountPath: "/host/log", readOnly: true}]
       | .spec.volumes = [{name: "log", hostPath: {path: "/var/log", type: "Directory"}}])}}' /tmp/agent.json | kubectl apply -f -
kubectl -n "$team" rollout status daemonset/agent --timeout=60s
