# The notes about the repair lie where the kubelet takes every file for a pod.
# fails: safe.nothing-else
# after: solution
#@ controlplane
printf 'kube-apiserver.yaml: took out %s, mended a folder and a port\n' "$flag" >/etc/kubernetes/manifests/repair.txt
