# The bundle as it is: the definition is there, and its kind is not.
# fails: kind.served, operator.rolled-out, operator.runs, operator.may, harbor.ready, harbor.lamps, harbor.owned, harbor.tended
kubectl apply -f /srv/lantern/crd.yaml -f /srv/lantern/rbac.yaml -f /srv/lantern/operator.yaml
kubectl wait --for=condition=Established crd/lanterns.lights.example --timeout=30s
