#!/bin/bash
# fails: names.fold, names.crease
# after: solution
rm /opt/press/bin/*
cp "/opt/press/releases/$new/fold" /opt/press/bin/fold
cp "/opt/press/releases/$new/fold" /opt/press/bin/crease
