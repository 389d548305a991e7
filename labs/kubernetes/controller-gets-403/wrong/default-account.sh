# The rights go to an account that every pod has, and keeper takes that one.
# fails: keeper.reads-plan, keeper.scales, keeper.itself, keeper.others
kubectl -n "$farm" patch rolebinding keeper --type json -p '[{"op": "replace", "path": "/subjects/0", "value": {"kind": "ServiceAccount", "name": "default", "namespace": "'"$farm"'"}}]'
kubectl -n "$farm" patch role keeper --type json -p '[{"op": "add", "path": "/rules/1/verbs/-", "value": "patch"}]'
kubectl -n "$farm" set serviceaccount deployment/keeper default
kubectl -n "$farm" rollout status deployment/keeper --timeout=60s
