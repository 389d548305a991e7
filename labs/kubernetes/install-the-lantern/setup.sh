# The bundle, for this namespace.
install -d -o candidate -g candidate /srv/lantern
for each in "$RUNG_FILES"/*; do
    sed "s/NAMESPACE/$quay/" "$each" >"/srv/lantern/${each##*/}"
done
chown candidate:candidate /srv/lantern/*
