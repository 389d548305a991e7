#!/usr/bin/env bash
# cron does not take a last line that has no end.
# fails: open.schedule
# after: solution
crontab -r -u "$person"
printf '%s' "$minute $hour * * 1-5 $person /usr/local/bin/open-till" >/etc/cron.d/till
