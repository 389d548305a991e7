#!/usr/bin/env bash
# Somebody is reminded, and nothing is run.
# fails: open.schedule, once.queued
# after: solution
echo "$minute $hour * * 1-5 echo /usr/local/bin/open-till" | crontab -u "$person" -
su - "$person" -c 'atq | cut -f 1 | xargs atrm'
su - "$person" -c "echo 'echo run /usr/local/bin/close-books now' | at 17:45 12/31/$year"
