#!/bin/sh
# Imports image archives where no containerd runs, for the kubelet to find them.
# import.sh ARCHIVE...
set -eu
socket=/run/rung-containerd.sock
log=$(mktemp)

# overlayfs cannot lie on the engine's own overlayfs: unpack on a volume, then copy what is the same anywhere.
mkdir -p /var/lib/containerd
cp -a /var/lib/containerd/. /unpack/
containerd --root /unpack --state /run/rung-containerd --address "$socket" --log-level warn > "$log" 2>&1 &
pid=$!
trap 'kill $pid 2> /dev/null; wait $pid 2> /dev/null || true; cat "$log" >&2' EXIT
for _ in $(seq 100); do
    ctr --address "$socket" version > /dev/null 2>&1 && break
    sleep 0.1
done

for archive in "$@"; do
    ctr --address "$socket" --namespace k8s.io images import --local --discard-unpacked-layers "$archive"
done

trap - EXIT
kill $pid
wait $pid || true
rm -f "$log"
# Only what is new: a file that is the same stays in the layer where it is.
cp -a --update --remove-destination /unpack/. /var/lib/containerd/

# A node's /var is a volume that the engine fills with copies. So what images consist of lies beside it: there nodes
# share it, and what of it is in memory.
layers=/usr/lib/rung/layers
mkdir -p "$layers"
for tree in /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/*/fs; do
    [ -L "$tree" ] && continue
    snapshot=${tree%/fs}
    mv "$tree" "$layers/${snapshot##*/}"
    ln -s "$layers/${snapshot##*/}" "$tree"
done
