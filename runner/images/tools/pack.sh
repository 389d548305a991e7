#!/bin/sh
# Packs a tree as an archive that `docker load` and `ctr images import` read: one layer, with one or more names.
# pack.sh TREE ARCHIVE NAME CONFIG [NAME CONFIG...]   CONFIG: how it runs, as JSON: {"Cmd": ["sh"], "Env": []}
set -eu
tree=$1 archive=$2
shift 2
work=$(mktemp -d)
digest() { sha256sum < "$1" | cut -d ' ' -f 1; }

# The same tree gives the same bytes each time.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$tree" -cf "$work/layer" .
layer=$(digest "$work/layer")
mv "$work/layer" "$work/$layer.tar"

images=
while [ $# -gt 0 ]; do
    printf '{"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\n' \
        "$(dpkg --print-architecture)" "$2" "$layer" > "$work/config"
    config=$(digest "$work/config")
    mv "$work/config" "$work/$config.json"
    images="$images${images:+,}{\"Config\":\"$config.json\",\"RepoTags\":[\"$1\"],\"Layers\":[\"$layer.tar\"]}"
    shift 2
done
printf '[%s]\n' "$images" > "$work/manifest.json"
tar -C "$work" -cf "$archive" .
rm -rf "$work"
