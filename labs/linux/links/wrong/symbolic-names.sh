#!/bin/bash
# fails: names.crease
# after: solution
ln -sf fold /opt/press/bin/crease
