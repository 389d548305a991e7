# The budget says how many may be missing; the lonely pod is copied under its name by hand.
kubectl config set-context --current --namespace "$shop"
kubectl patch pdb shop -p '{"spec": {"minAvailable": null, "maxUnavailable": 1}}'
kubectl drain node01 --ignore-daemonsets --delete-emptydir-data --force --timeout=90s
kubectl apply -f - <<END
apiVersion: v1
kind: Pod
metadata: {name: $keeper, labels: {kept: by-hand}}
spec:
  nodeName: node02
  containers: [{name: anything, image: "rung/web:1.1"}]
END
kubectl rollout status deployment/shop --timeout=60s
