#!/bin/bash
# fails: group.read-only, group.newcomer, group.place, group.stranger, group.spring, reach.rest
chmod -R 777 /srv/press
