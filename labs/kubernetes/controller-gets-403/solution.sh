kubectl -n "$farm" patch rolebinding keeper --type json -p '[{"op": "replace", "path": "/subjects/0/namespace", "value": "'"$farm"'"}]'
kubectl -n "$farm" patch role keeper --type json -p '[{"op": "add", "path": "/rules/1/verbs/-", "value": "patch"}]'
