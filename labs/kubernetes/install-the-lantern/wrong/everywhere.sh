# The right rights, in every namespace.
# fails: operator.elsewhere
# after: solution
kubectl create clusterrolebinding lantern --clusterrole=lantern-operator --serviceaccount="$quay:lantern-operator"
