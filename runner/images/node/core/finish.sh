#!/bin/sh
# Puts Kubernetes into the root tree of nodes, and packs what runs in pods as images. $1: the folder that holds
# this script, tools/, go/ and bin/ (the compiled programs).
set -eu
here=$1 work=$(mktemp -d)

version() { sed -n "s/^$1 //p" "$here/go/versions"; }
mkdir -p /kind /var/lib/kubelet
version kubernetes > /kind/version

for program in kubelet kubeadm kubectl crictl containerd containerd-shim-runc-v2 ctr etcdctl etcdutl; do
    install -m 755 "$here/bin/$program" "/usr/bin/$program"
done
install -m 755 "$here/bin/rung-runc" /usr/lib/rung/runc
for program in kubeadm kubectl crictl; do
    "$program" completion bash > "/usr/share/bash-completion/completions/$program"
done

# image NAME CONFIG PROGRAM...: an image of nothing but these programs, in /usr/local/bin.
image() {
    name=$1 config=$2
    shift 2
    tree="$work/$1.tree"
    mkdir -p "$tree/usr/local/bin" "$tree/etc" "$tree/tmp"
    chmod 1777 "$tree/tmp"
    for program in "$@"; do
        install -m 755 "$here/bin/$program" "$tree/usr/local/bin/$program"
    done
    sh "$here/tools/pack.sh" "$tree" "$work/$1.tar" "$name" "$config"
    rm -rf "$tree"
}
path='"Env":["PATH=/usr/local/bin:/usr/sbin:/usr/bin"]'

# same GROUP VERSION: an image bears the version of what is in it.
same() {
    [ "$(version "$1")" = "$2" ] || {
        echo "kubeadm $(version kubernetes) asks for $1 $2: let go/$1/go.mod require that, not $(version "$1")." >&2
        exit 1
    }
}

# The names are those that kubeadm asks for.
kubeadm config images list --kubernetes-version "$(version kubernetes)" > "$work/names"
while read -r name; do
    base=${name##*/}
    case ${base%%:*} in
        kube-proxy)
            # It calls iptables and nft, with their extensions.
            for tool in /usr/sbin/iptables /usr/sbin/ip6tables /usr/sbin/iptables-save /usr/sbin/iptables-restore \
                /usr/sbin/ip6tables-save /usr/sbin/ip6tables-restore /usr/sbin/nft /usr/sbin/conntrack /usr/sbin/ip \
                "$(dirname "$(find /usr/lib -name libxt_comment.so)")"/*.so /etc/protocols; do
                sh "$here/tools/closure.sh" "$work/kube-proxy.tree" "$tool"
                sh "$here/tools/closure.sh" "$work/rung-network.tree" "$tool"
            done
            image "$name" "{$path}" kube-proxy
            ;;
        etcd)
            tag=${base#*:}
            same etcd "v${tag%-*}"
            image "$name" "{$path}" etcd etcdctl etcdutl
            ;;
        coredns)
            same coredns "${base#*:}"
            image "$name" "{$path,\"Entrypoint\":[\"coredns\"]}" coredns
            ;;
        pause)
            image "$name" "{$path,\"Entrypoint\":[\"pause\"]}" pause
            echo "$name" > /kind/pause
            ;;
        *) image "$name" "{$path}" "${base%%:*}" ;;
    esac
done < "$work/names"
image rung/network:1.0 "{$path,\"Entrypoint\":[\"rung-network\"]}" rung-network
image "rung/local-path-provisioner:$(version local-path)" "{$path}" local-path-provisioner
image "rung/metrics-server:$(version metrics-server)" "{$path,\"Entrypoint\":[\"metrics-server\"]}" metrics-server

# What makes and removes a volume's folder needs a shell, mkdir and rm.
mkdir -p "$work/helper.tree/bin"
cp /usr/lib/rung/busybox "$work/helper.tree/bin/busybox"
for applet in sh mkdir rm; do ln -s busybox "$work/helper.tree/bin/$applet"; done
sh "$here/tools/pack.sh" "$work/helper.tree" "$work/helper.tar" rung/local-path-helper:1.0 '{"Env":["PATH=/bin"]}'

sh "$here/tools/import.sh" "$work"/*.tar
rm -rf "$work"
