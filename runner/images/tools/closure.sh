#!/bin/sh
# Copies files, the shared libraries that they load and the links that lead to them into a tree of their own.
# closure.sh TREE PATH...
set -eu
tree=$1
shift
mkdir -p "$tree"

# /bin, /lib and so on, where they are links into /usr.
for name in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$name" ] && [ ! -e "$tree/$name" ]; then
        mkdir -p "$tree/$(readlink "/$name")"
        cp -P "/$name" "$tree/$name"
    fi
done

copy() {
    path=$1
    while [ ! -e "$tree$path" ] && [ ! -L "$tree$path" ]; do
        mkdir -p "$tree${path%/*}"
        cp -P --preserve=mode "$path" "$tree$path"
        [ -L "$path" ] || break
        target=$(readlink "$path")
        case $target in /*) path=$target ;; *) path=${path%/*}/$target ;; esac
    done
}

for file in "$@"; do
    copy "$file"
    for library in $(ldd "$file" 2> /dev/null | awk '{for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i}'); do
        copy "$library"
    done
done
