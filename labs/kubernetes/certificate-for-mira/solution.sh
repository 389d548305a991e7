#@ base as candidate
kubectl apply -f - <<END
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: $person}
spec:
  request: $(base64 -w0 <"$person.csr")
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
END
kubectl certificate approve "$person"
for _ in $(seq 60); do
    kubectl get csr "$person" -o jsonpath='{.status.certificate}' | base64 -d >"$person.crt"
    [ -s "$person.crt" ] && break
    sleep 0.5
done
kubectl config view --raw -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d >ca.crt
export KUBECONFIG=$person.conf
kubectl config set-cluster kubernetes --server https://controlplane:6443 --certificate-authority ca.crt --embed-certs
kubectl config set-credentials "$person" --client-certificate "$person.crt" --client-key "$person.key" --embed-certs
kubectl config set-context "$person" --cluster kubernetes --user "$person" --namespace "$space"
kubectl config use-context "$person"
unset KUBECONFIG
kubectl -n "$space" create role deploy --verb=create,get,list,update,delete --resource=deployments
kubectl -n "$space" create rolebinding deploy --role=deploy --group="$group"
