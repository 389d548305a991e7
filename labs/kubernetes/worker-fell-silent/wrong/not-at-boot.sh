# It runs, until the next restart.
# fails: kubelet.runs after reboot, kubelet.ready after reboot, courier.ready after reboot, courier.on-node01 after reboot, last.by-itself
# after: solution
#@ node01
systemctl disable kubelet
#@ base
kubectl wait --for=condition=Ready node/node01 --timeout=60s
kubectl rollout status deployment/courier --timeout=60s
