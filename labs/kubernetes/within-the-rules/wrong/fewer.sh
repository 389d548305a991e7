# fails: guests.three
# after: solution
kubectl -n "$house" scale deployment guest --replicas=2
