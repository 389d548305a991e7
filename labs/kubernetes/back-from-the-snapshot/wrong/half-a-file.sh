# The disk was full: the end of the snapshot is missing, and with it its checksum.
# fails: snapshot.whole
# after: solution
#@ controlplane
size=$(stat -c %s /srv/backup/tuesday.db)
truncate -s $((size - 32)) /srv/backup/tuesday.db
