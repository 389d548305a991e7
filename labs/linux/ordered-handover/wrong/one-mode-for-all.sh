#!/bin/bash
# fails: modes.scripts_0750, modes.directories
# after: solution
chmod -R 640 /srv/handover
