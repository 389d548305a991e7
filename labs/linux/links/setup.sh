#!/bin/bash
for release in "$old" "$new"; do
    mkdir -p "/opt/press/releases/$release/share/doc"
    printf '#!/bin/sh\necho "folding with %s"\n' "$release" > "/opt/press/releases/$release/fold"
    chmod 755 "/opt/press/releases/$release/fold"
    echo "Manual of release $release" > "/opt/press/releases/$release/share/doc/manual.txt"
done
mkdir /opt/press/bin
cp "/opt/press/releases/$old/fold" /opt/press/bin/fold
cp "/opt/press/releases/$new/fold" /opt/press/bin/crease
ln -s "/opt/press/releases/$old" /opt/press/current
ln -s "/opt/press/releases/$old/share/doc" /opt/press/docs
