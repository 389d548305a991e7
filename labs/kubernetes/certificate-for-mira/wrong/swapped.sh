# A request of one's own, with name and group in each other's place; and a binding for the user.
# fails: access.who, access.certificate, rights.group, rights.by-group
# after: solution
#@ base
openssl req -new -key "/home/candidate/$person.key" -subj "/CN=$group/O=$person" >/root/s.csr
scp -q /root/s.csr controlplane:/root/
ssh controlplane "openssl x509 -req -in /root/s.csr -CA /etc/kubernetes/pki/ca.crt -CAkey /etc/kubernetes/pki/ca.key -CAcreateserial -days 90" >/root/s.crt
kubectl config --kubeconfig "/home/candidate/$person.conf" set-credentials "$person" --client-certificate /root/s.crt --client-key "/home/candidate/$person.key" --embed-certs
kubectl -n "$space" delete rolebinding deploy
kubectl -n "$space" create rolebinding deploy --role=deploy --user="$person"
