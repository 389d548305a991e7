#!/bin/bash
# fails: modes.papers_0640
# after: solution
chmod -R 750 /srv/handover
