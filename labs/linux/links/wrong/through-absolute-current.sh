#!/bin/bash
# fails: docs.relative
# after: solution
# Relative itself, by way of a link that is not.
ln -sfn "/opt/press/releases/$new" /opt/press/current
ln -sfn current/share/doc /opt/press/docs
