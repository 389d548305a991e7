#!/bin/bash
# Roundabout, but inside the tree all the way; and a chain of links is a link that leads there.
cd /opt/press
ln -sfn "./releases/../releases/$new/" current
ln -sfn releases newest-ones
ln -sfn "newest-ones/$new/share/doc/." docs
ln -f "releases/$new/fold" bin/crease
ln -f "releases/$new/fold" bin/fold
