#!/bin/bash
# fails: usage.none, usage.many, usage.empty
# after: solution
sed -i 's/ROOM" >&2/ROOM"/' /usr/local/bin/venue
