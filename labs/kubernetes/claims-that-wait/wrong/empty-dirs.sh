# fails: pictures.claim, shared.claim, archive.claim, pictures.deployment, shared.deployment, archive.deployment
# All pods run, and keep nothing.
for each in pictures shared archive; do
    kubectl -n "$team" patch deployment "$each" --type=json -p '[{"op": "replace", "path": "/spec/template/spec/volumes", "value": [{"name": "data", "emptyDir": {}}]}]'
done
for each in pictures shared archive; do kubectl -n "$team" rollout status deployment "$each" --timeout=60s; done
