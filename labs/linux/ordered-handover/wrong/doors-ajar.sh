#!/bin/bash
# fails: modes.directories
# after: solution
# Others cannot list them, but enter they can.
chmod 755 /srv/handover
chmod 751 /srv/handover/*/
