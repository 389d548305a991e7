#!/bin/bash
# fails: program.runs, answer.rooms, usage.none, usage.many, usage.empty, unknown.names, unknown.odd-names
# after: solution
chmod 644 /usr/local/bin/venue
