#!/bin/bash
# fails: group.place
# after: solution
# Whoever may write to the directory puts another file in the place of this one.
chmod 2770 /srv/press/issues/spring
