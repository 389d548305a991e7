#!/bin/sh
# The last step to a node, however Kubernetes came in: what labs deploy, and Rung's own part. $1: the folder that
# holds this script, workloads.sh, tools/, go/, and images/ (the trees of the images web and box).
set -eu
here=$1

version() { sed -n "s/^$1 //p" "$here/go/versions"; }
cp -R "$here/tree/." /
chmod 755 /usr/local/bin/entrypoint /usr/lib/rung/kubelet-cgroups
sed -i "s,@PAUSE@,$(cat /kind/pause)," /etc/containerd/config.toml
sed -i "s,@LOCAL_PATH@,$(version local-path)," /kind/manifests/default-storage.yaml
sed -i "s,@METRICS_SERVER@,$(version metrics-server)," /kind/manifests/metrics-server.yaml
systemctl enable --quiet containerd.service kubelet.service
cat >> /etc/bash.bashrc << 'END'

# The same in shells that are not login shells.
. /etc/profile.d/kubectl.sh
END

sh "$here/workloads.sh" "$here" "$here"
sh "$here/tools/import.sh" "$here"/*.tar
touch /etc/.updated /var/.updated
