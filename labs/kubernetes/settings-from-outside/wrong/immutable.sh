# fails: limits.live
# after: solution
kubectl -n "$team" patch configmap booking-settings -p '{"immutable": true}'
