cd /home/candidate
openssl req -new -newkey rsa:2048 -nodes -keyout "$person.key" -out "$person.csr" -subj "/O=$group/CN=$person" 2>/dev/null
chown candidate: "$person.key" "$person.csr"
chmod 600 "$person.key"
