# A file of that name, and nothing in it.
# fails: snapshot.whole, snapshot.of_today
# after: solution
#@ controlplane
: >/srv/backup/tuesday.db
