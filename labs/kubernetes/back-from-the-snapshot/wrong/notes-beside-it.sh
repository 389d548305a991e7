# Notes were kept where the kubelet takes every file for a pod.
# fails: works.nothing-else
# after: solution
#@ controlplane
printf 'etcd now reads the restored folder\n' >/etc/kubernetes/manifests/restored.txt
