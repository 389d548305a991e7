# fails: closed.within, closed.elsewhere, closed.nobody
# Then the gate and the guests are open to everybody.
# after: solution
kubectl -n "$yard" delete networkpolicy nobody
