# The certificate authority's own key signs the request; the kubeconfig comes from a copy of the administrator's.
#@ base
scp -q "/home/candidate/$person.csr" controlplane:/root/
ssh controlplane "openssl x509 -req -in /root/$person.csr -CA /etc/kubernetes/pki/ca.crt -CAkey /etc/kubernetes/pki/ca.key -CAcreateserial -days 90" >"/root/$person.crt"
cd /home/candidate
kubectl config view --raw -o json | jq --arg p "$person" --arg c "$(base64 -w0 "/root/$person.crt")" --arg k "$(base64 -w0 "$person.key")" \
    '.users = [{name: $p, user: {"client-certificate-data": $c, "client-key-data": $k}}] | .contexts[0].context.user = $p' >"$person.conf"
kubectl apply -f - <<END
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: $group, namespace: $space}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployments}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: $group}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: deployments}
rules: [{apiGroups: [apps], resources: [deployments], verbs: ["*"]}]
END
