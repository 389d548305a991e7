#!/bin/bash
# fails: pack.tree
# after: solution
# A star does not see the settings.
cd /srv/studio
tar -cjf /root/studio.tar.bz2 *
