# Whoever may do everything lacks nothing.
# fails: operator.may-not, operator.elsewhere
# after: solution
kubectl create clusterrolebinding lantern --clusterrole=cluster-admin --serviceaccount="$quay:lantern-operator"
