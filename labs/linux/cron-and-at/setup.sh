#!/usr/bin/env bash
for user in "$person" intern; do
    useradd --create-home --shell /bin/bash "$user"
done
for job in open-till close-books nag; do
    printf '#!/bin/sh\nlogger -t till %s\n' "$job" >"/usr/local/bin/$job"
    chmod 755 "/usr/local/bin/$job"
done
printf '# m h dom mon dow command\n* * * * * /usr/local/bin/nag >/dev/null\n' | crontab -u "$person" -
rm -f /etc/cron.allow
printf 'intern\n%s\n' "$person" >/etc/cron.deny
systemctl start cron.service atd.service
