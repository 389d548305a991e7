#!/usr/bin/env bash
# In a user's crontab the name is taken for the command.
# fails: open.schedule
# after: solution
echo "$minute $hour * * 1-5 $person /usr/local/bin/open-till" | crontab -u "$person" -
