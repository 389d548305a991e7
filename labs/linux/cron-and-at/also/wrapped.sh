#!/usr/bin/env bash
# The command is started in roundabout ways.
sed -i "/^$person\$/d" /etc/cron.deny
crontab -u "$person" - <<CRON
MAILTO=""
$minute $hour * * 1-3 cd / && LANG=C /usr/local/bin/open-till 2>/dev/null
$minute $hour * * thu,fri /usr/bin/nice -n 5 sh -c '/usr/local/bin/open-till'
CRON
su - "$person" -c "at 17:45 $year-12-31 <<<'[ -x /usr/local/bin/close-books ] && exec /usr/local/bin/close-books'"
