#!/bin/sh
# Puts a shell and the usual small programs into an image's tree, all of them one static busybox.
# shell.sh TREE BUSYBOX [BASH]   BASH: a static bash that is to be the shell, where programs that busybox has too
# shall be the tree's own: busybox' shell would prefer itself
set -eu
tree=$1 busybox=$2 bash=${3:-}

mkdir -p "$tree/usr/bin" "$tree/etc" "$tree/root" "$tree/tmp" "$tree/var/run"
for name in bin sbin; do
    [ -e "$tree/$name" ] || ln -s usr/bin "$tree/$name"
done
chmod 1777 "$tree/tmp"
cp "$busybox" "$tree/usr/bin/busybox"
if [ -n "$bash" ]; then
    cp "$bash" "$tree/usr/bin/bash"
    ln -s bash "$tree/usr/bin/sh"
fi
for applet in $("$busybox" --list); do
    [ -e "$tree/usr/bin/$applet" ] || [ -L "$tree/usr/bin/$applet" ] || ln -s busybox "$tree/usr/bin/$applet"
done

# As a container's first process the real one would ignore SIGTERM, and each pod would end half a minute late.
rm -f "$tree/usr/bin/sleep"
cat > "$tree/usr/bin/sleep" << 'END'
#!/bin/sh
[ "$$" = 1 ] || exec busybox sleep "$@"
trap 'exit 0' TERM INT
busybox sleep "$@" &
wait
END
chmod 755 "$tree/usr/bin/sleep"

printf 'root:x:0:0:root:/root:/bin/sh\nnonroot:x:65532:65532:nonroot:/:/bin/sh\n' > "$tree/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' > "$tree/etc/group"
