# The container's own share instead of the pod's.
kubectl -n "$team" set resources deployment api --requests=cpu=50m
kubectl -n "$team" apply -f - <<END
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  minReplicas: 2
  maxReplicas: $most
  metrics:
    - {type: ContainerResource, containerResource: {container: web, name: cpu, target: {type: Utilization, averageUtilization: 60}}}
  behavior: {scaleDown: {stabilizationWindowSeconds: 60}}
END
for _ in $(seq 55); do
    [ "$(kubectl -n "$team" get deployment api -o jsonpath={.status.readyReplicas})" -gt 2 ] && break
    sleep 2
done
