#!/usr/bin/env bash
# One line for each day is as good; edited as the user would.
sed -i "s/^$person\$//" /etc/cron.deny
su - "$person" -c "crontab -l | grep -v nag | { cat; for d in 1 2 3 4 5; do echo \"$minute $hour * * \$d /usr/local/bin/open-till\"; done; } | crontab -"
su - "$person" -c "at 5:45pm Dec 31 $year <<<'/usr/local/bin/close-books'"
