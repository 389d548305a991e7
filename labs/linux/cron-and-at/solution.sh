#!/usr/bin/env bash
sed -i "/^$person\$/d" /etc/cron.deny
crontab -l -u "$person"
echo "$minute $hour * * 1-5 /usr/local/bin/open-till" | crontab -u "$person" -
su - "$person" -c "echo /usr/local/bin/close-books | at 17:45 12/31/$year"
su - "$person" -c atq
