# fails: drain.cordoned
# after: solution
kubectl uncordon node01
