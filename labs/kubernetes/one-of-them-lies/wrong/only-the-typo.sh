# fails: closed.elsewhere
# The empty selector is mended; the list with its three entries is not.
kubectl -n "$yard" patch networkpolicy gate-to-office -p '{"spec": {"podSelector": {"matchLabels": {"role": "office"}}}}'
