#!/bin/bash
# fails: docs.relative
# after: solution
# Goes out of the tree and in again by its name; moved to /opt/print, say, it leads nowhere.
ln -sfn "../press/releases/$new/share/doc" /opt/press/docs
