#!/bin/bash
# fails: docs.relative
# after: solution
ln -sfn "/opt/press/releases/$new/share/doc" /opt/press/docs
