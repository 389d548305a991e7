#!/bin/bash
# fails: change.kept, rename.group
# after: solution
# -G without -a sets the list, and all that is not on it goes.
read -r _ changer _ _ <<< "$people"
usermod -G archive "$changer"
