# kubeadm makes a key and a certificate of its own.
#@ controlplane
kubeadm kubeconfig user --config /kind/kubeadm.conf --client-name "$person" --org "$group" >"/root/$person.conf"
sed -i 's|server: .*|server: https://controlplane:6443|' "/root/$person.conf"
#@ base
scp -q "controlplane:/root/$person.conf" /home/candidate/
kubectl -n "$space" create role deploy --verb='*' --resource=deployments
kubectl -n "$space" create rolebinding deploy --role=deploy --group="$group"
