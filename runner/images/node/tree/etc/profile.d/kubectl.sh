# On a control plane, root's kubectl speaks to the cluster without more ado.
if [ -r /etc/kubernetes/admin.conf ] && [ -z "${KUBECONFIG:-}" ]; then
    export KUBECONFIG=/etc/kubernetes/admin.conf
fi
alias k=kubectl
