#!/bin/bash
# fails: unknown.names, unknown.odd-names
# after: solution
sed -i '/exit 3/d' /usr/local/bin/venue
