#!/bin/bash
# fails: audit.appended, everything.in_order
# after: solution
# An empty line has got in between, and one to the end.
cd /srv/survey
sed -i '$i\\' audit.log
echo >> everything.txt
