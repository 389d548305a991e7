# A pod of that name, on that node: the scheduler's place was taken, not the kubelet's.
# fails: pod.static, pod.runs after reboot, answers.port after reboot
kubectl apply -f - <<END
apiVersion: v1
kind: Pod
metadata: {name: $pod-node01}
spec:
  nodeName: node01
  hostNetwork: true
  restartPolicy: Never
  containers: [{name: web, image: "rung/web:1.0", env: [{name: PORT, value: "$port"}]}]
END
kubectl wait --for=condition=Ready "pod/$pod-node01" --timeout=60s
