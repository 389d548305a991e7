#!/bin/bash
# fails: current.link, current.old
# Without -n the new link is made in the directory that the old one points to.
cd /opt/press
ln -sf "/opt/press/releases/$new" current
ln -f "releases/$new/fold" bin/fold
ln -f "releases/$new/fold" bin/crease
ln -sfn "releases/$new/share/doc" docs
