#!/usr/bin/env bash
# A program of that name, from nowhere.
# fails: missing.owner
# after: solution
dnf -y remove signal-tools
printf '#!/bin/sh\necho beacon\n' >/usr/bin/beacon
chmod 755 /usr/bin/beacon
