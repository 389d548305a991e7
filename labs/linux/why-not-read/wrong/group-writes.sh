#!/bin/bash
# fails: group.read-only
# after: solution
chmod g+w "/srv/press/issues/spring/$paper.txt"
