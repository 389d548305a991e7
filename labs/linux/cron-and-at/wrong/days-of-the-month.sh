#!/usr/bin/env bash
# The first five days of each month.
# fails: open.schedule
# after: solution
echo "$minute $hour 1-5 * * /usr/local/bin/open-till" | crontab -u "$person" -
