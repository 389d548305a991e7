# What a learner would type. The values are variables here: $person, $number.
useradd -m -u "$number" "$person"
touch "/srv/hours/$person"
chown "$person" "/srv/hours/$person"
chmod 600 "/srv/hours/$person"
