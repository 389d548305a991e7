#!/bin/bash
# fails: group.read-only, others.stranger, others.spring, others.rest
chmod -R 777 /srv/press
