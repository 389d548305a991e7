#!/usr/bin/env bash
# fails: open.schedule
# after: solution
echo "$hour $minute * * 1-5 /usr/local/bin/open-till" | crontab -u "$person" -
