# The cluster is right, and the overlay renders nothing.
# fails: overlay.deployment, overlay.service, menu.generated, live.as-rendered
#@ base as candidate
cd "$app"
kubectl -n "$app-staging" create configmap "$prefix-menu" --from-literal "DISH=$dish"
kubectl kustomize base \
    | sed "s/^  name: $app/  name: $prefix-$app/; s/replicas: 1/replicas: 3/; s/web:1.0/web:1.1/; s/^\( *\)name: web/&\n\1envFrom: [{configMapRef: {name: $prefix-menu}}]/" \
    | kubectl -n "$app-staging" apply -f -
