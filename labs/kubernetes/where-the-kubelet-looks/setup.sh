#@ node01
# The kubelet looks elsewhere, and the manifest has two mistakes: a number where a text belongs, and a letter for a digit.
mkdir -p /etc/kubelet/pods.d /etc/kubernetes/manifests
sed -i 's|^staticPodPath:.*|staticPodPath: /etc/kubelet/pods.d|' /var/lib/kubelet/config.yaml
grep -q '^staticPodPath: /etc/kubelet/pods.d$' /var/lib/kubelet/config.yaml
cat >"/etc/kubernetes/manifests/$pod.yaml" <<END
apiVersion: v1
kind: Pod
metadata:
  name: $pod
  namespace: default
spec:
  hostNetwork: true
  containers:
    - name: web
      image: rung/web:1.O
      imagePullPolicy: IfNotPresent
      env:
        - name: PORT
          value: $port
      readinessProbe:
        httpGet:
          path: /readyz
          port: $port
END
systemctl restart kubelet
