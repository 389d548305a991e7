#!/bin/bash
# fails: current.old
# Copies the new program over what is seen through the old link before that is turned.
cp --remove-destination "/opt/press/releases/$new/fold" /opt/press/current/fold
cd /opt/press
ln -sfn "/opt/press/releases/$new" current
ln -f "releases/$new/fold" bin/fold
ln -f "releases/$new/fold" bin/crease
ln -sfn "releases/$new/share/doc" docs
