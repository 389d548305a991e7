# kubectl autoscale, and what it cannot say by a patch.
kubectl -n "$team" patch deployment api -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "resources": {"requests": {"cpu": "0.05"}, "limits": {"cpu": "500m"}}}]}}}}'
kubectl -n "$team" autoscale deployment api --name=calm --min=2 --max="$most" --cpu=60%
kubectl -n "$team" patch hpa calm -p '{"spec": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 60}}}}'
for _ in $(seq 55); do
    [ "$(kubectl -n "$team" get deployment api -o jsonpath={.status.readyReplicas})" -gt 2 ] && break
    sleep 2
done
