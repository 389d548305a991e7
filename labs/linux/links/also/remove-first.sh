#!/bin/bash
cd /opt/press
rm current docs bin/fold bin/crease
ln -s "releases/$new" current
cp -l "releases/$new/fold" bin/fold
cp -l bin/fold bin/crease
ln -sr "/opt/press/releases/$new/share/doc" /opt/press/docs
