#!/bin/sh
# Packs what goes into kind's own node: images as archives, for no containerd runs while an engine builds, and etcd's
# clients. pack.sh FOLDER TO: FOLDER is that of the image node, with bin/ and images/; TO gets a tree.
set -eu
here=$1 to=$2 images=$2/usr/lib/rung/images

version() { sed -n "s/^$1 //p" "$here/go/versions"; }
mkdir -p "$images" "$to/usr/bin" "$here/metrics/usr/local/bin" "$here/metrics/tmp"
install -m 755 "$here/bin/etcdctl" "$here/bin/etcdutl" "$to/usr/bin/"

chmod 1777 "$here/metrics/tmp"
install -m 755 "$here/bin/metrics-server" "$here/metrics/usr/local/bin/"
sh "$here/tools/pack.sh" "$here/metrics" "$images/metrics-server.tar" \
    "rung/metrics-server:$(version metrics-server)" '{"Entrypoint":["/usr/local/bin/metrics-server"]}'
sh "$here/workloads.sh" "$here" "$images"
