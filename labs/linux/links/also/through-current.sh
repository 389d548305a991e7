#!/bin/bash
# The documentation's link may go through the other one, and a new link may be moved into place.
ln -s "releases/$new" /opt/press/next
mv -T /opt/press/next /opt/press/current
ln -f "/opt/press/releases/$new/fold" /opt/press/bin/crease
ln -f /opt/press/bin/crease /opt/press/bin/fold
ln -nsf current/share/doc /opt/press/docs
