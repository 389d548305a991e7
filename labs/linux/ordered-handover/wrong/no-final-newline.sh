#!/bin/bash
# fails: readme.file
# after: solution
truncate -s -1 /srv/handover/README
