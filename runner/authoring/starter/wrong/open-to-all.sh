# A usual mistake: the mode that the umask leaves.
# fails: hours.sheet
useradd -m -u "$number" "$person"
touch "/srv/hours/$person"
chown "$person" "/srv/hours/$person"
