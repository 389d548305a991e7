#!/bin/bash
# fails: reach.same-file
# after: solution
cd /srv/press/issues/spring
cp -a "$paper.txt" copy
mv -f copy "$paper.txt"
