# fails: policy.nobody-else
# after: solution
kubectl -n "$market" delete networkpolicy checkout
