# fails: scaler.range, scaler.target, scaler.calm, works.knows, works.replicas
# The Deployment takes back what is done to its ReplicaSet.
kubectl -n "$team" set resources deployment api --requests=cpu=50m
kubectl -n "$team" rollout status deployment api --timeout=60s
set=$(kubectl -n "$team" get replicasets --sort-by=.metadata.creationTimestamp -o name | tail -1 | cut -d/ -f2)
kubectl -n "$team" apply -f - <<END
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: ReplicaSet, name: $set}
  minReplicas: 2
  maxReplicas: $most
  metrics:
    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}
  behavior: {scaleDown: {stabilizationWindowSeconds: 60}}
END
