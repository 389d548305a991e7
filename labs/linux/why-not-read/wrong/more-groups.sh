#!/bin/bash
# fails: group.read-only, group.newcomer, reach.groups
# Given the ghost's group and the right to write, she gets in; nobody else of the press does.
groupadd -g "$ghost" ghosts
usermod -aG ghosts "$person"
chmod 750 /srv/press/issues/spring
chmod 660 "/srv/press/issues/spring/$paper.txt"
