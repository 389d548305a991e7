#!/bin/bash
# fails: docs.link, docs.relative
# after: solution
# Written as seen from /opt, but read from /opt/press.
cd /opt
ln -sfn "press/releases/$new/share/doc" /opt/press/docs
