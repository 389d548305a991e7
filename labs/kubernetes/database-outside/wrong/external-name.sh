# fails: service.near, service.far, service.endpoint, service.address
# ExternalName is for names; an address is none.
address=$(awk '/^Address:/ { print $2 }' /srv/ledger/README)
kubectl -n "$office" create service externalname ledger --external-name="$address"
