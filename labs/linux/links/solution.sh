#!/bin/bash
cd /opt/press
ln -sfn "/opt/press/releases/$new" current
ln -f "releases/$new/fold" bin/fold
ln -f "releases/$new/fold" bin/crease
ln -sfn "releases/$new/share/doc" docs
