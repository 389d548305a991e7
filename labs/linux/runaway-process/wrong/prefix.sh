#!/usr/bin/env bash
# The pattern also matches the lot whose number merely begins alike.
# fails: runaway.busy
# after: solution
pkill -f "grinder --lot $lot"
sleep 0.2
