# The old snapshot under the new one's name.
# fails: snapshot.of_today
# after: solution
#@ controlplane
cp /srv/backup/monday.db /srv/backup/tuesday.db
