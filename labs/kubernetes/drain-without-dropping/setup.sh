kubectl create namespace "$shop"
until kubectl -n "$shop" get serviceaccount default >/dev/null 2>&1; do sleep 0.2; done
kubectl -n "$shop" apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      terminationGracePeriodSeconds: 2
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: shop}}}
      containers:
        - name: web
          image: rung/web:1.0
          readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 1}
          volumeMounts: [{name: cache, mountPath: /cache}]
      volumes: [{name: cache, emptyDir: {}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop}
spec:
  minAvailable: 3
  selector: {matchLabels: {app: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: $keeper, labels: {kept: by-hand}}
spec:
  terminationGracePeriodSeconds: 2
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [linux]}]}]
      preferredDuringSchedulingIgnoredDuringExecution:
        - {weight: 100, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node01]}]}}
  containers: [{name: web, image: "rung/web:1.1"}]
END
kubectl -n "$shop" rollout status deployment/shop --timeout=60s
kubectl -n "$shop" wait --for=condition=Ready "pod/$keeper" --timeout=60s
cat >/usr/local/bin/shop-watch <<'END'
#!/bin/sh
# Writes down how many pods of the shop are available, whenever that changes.
exec kubectl -n "$1" get deployment shop --watch -o jsonpath='{.status.availableReplicas}{"\n"}' | sed -u 's/^$/0/'
END
chmod 755 /usr/local/bin/shop-watch
touch /var/log/shop-watch
systemd-run --quiet --unit shop-watch --description "Looks at the shop" --setenv KUBECONFIG="${KUBECONFIG:-/root/.kube/config}" \
    --property StandardOutput=append:/var/log/shop-watch --property Restart=always /usr/local/bin/shop-watch "$shop"
