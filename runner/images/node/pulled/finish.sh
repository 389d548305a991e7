#!/bin/sh
# Turns kind's own node into one of Rung's, where an engine could pull it and pack.sh's tree has been copied in.
# What labs deploy is imported at a node's first boot. $1: the folder of the image node.
set -eu
here=$1

version() { sed -n "s/^$1 //p" "$here/go/versions"; }
cp -R "$here/overlay/." "$here/pulled/tree/." /
chmod 755 /usr/lib/rung/bin/*
for word in check tasks hint reset; do
    ln -sf "/usr/lib/rung/bin/$word" "/usr/local/bin/$word"
done
cp "$(command -v busybox)" /usr/lib/rung/busybox
cp "$(command -v bash-static)" /usr/lib/rung/bash

cp -R "$here/tree/kind/patches" /kind/
cp "$here/tree/kind/manifests/metrics-server.yaml" /kind/manifests/metrics-server.yaml
sed -i "s,@METRICS_SERVER@,$(version metrics-server)," /kind/manifests/metrics-server.yaml

rm -f /etc/ssh/ssh_host_*
sed -i 's/^\(session *\)required\( *pam_loginuid.so\)/\1optional\2/' /etc/pam.d/*
passwd --quiet --lock root
cp "$here/tree/etc/profile.d/kubectl.sh" /etc/profile.d/kubectl.sh
printf '\n. /etc/profile.d/kubectl.sh\n' >> /etc/bash.bashrc
for program in kubeadm kubectl crictl; do
    "$program" completion bash > "/usr/share/bash-completion/completions/$program"
done
systemctl enable --quiet ssh.service rung-host-key.service rung-images.service
