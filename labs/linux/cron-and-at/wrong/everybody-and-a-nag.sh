#!/usr/bin/env bash
# Lets the intern in, and adds to the table instead of cleaning it up.
# fails: access.intern, nag.gone
# after: solution
: >/etc/cron.deny
(crontab -l -u "$person"; echo '* * * * * /usr/local/bin/nag') | crontab -u "$person" -
