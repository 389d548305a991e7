#!/bin/bash
# fails: group.read-only, group.newcomer
# after: solution
chmod g+w "/srv/press/issues/spring/$paper.txt"
