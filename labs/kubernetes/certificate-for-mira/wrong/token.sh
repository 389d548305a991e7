# A service account of that name, and nobody's certificate is verified.
# fails: access.who, access.certificate, access.verified
# after: solution
#@ base as candidate
kubectl -n "$space" create serviceaccount "$person"
token=$(kubectl -n "$space" create token "$person")
rm "$person.conf"
kubectl config --kubeconfig "$person.conf" set-cluster kubernetes --server https://controlplane:6443 --insecure-skip-tls-verify
kubectl config --kubeconfig "$person.conf" set-credentials "$person" --token "$token"
kubectl config --kubeconfig "$person.conf" set-context "$person" --cluster kubernetes --user "$person"
kubectl config --kubeconfig "$person.conf" use-context "$person"
