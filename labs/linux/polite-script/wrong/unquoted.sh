#!/bin/bash
# fails: answer.rooms, usage.many, unknown.names, unknown.odd-names
# Nothing is quoted, and nothing counts the arguments.
read -r garden hall cellar <<< "$seats"
cat > /usr/local/bin/venue <<END
#!/bin/bash
if [ -z \$1 ]; then echo "usage: venue ROOM" >&2; exit 2; fi
if [ \$1 = garden ]; then echo garden: $garden seats; exit 0; fi
if [ \$1 = "great hall" ]; then echo great hall: $hall seats; exit 0; fi
if [ \$1 = cellar ]; then echo cellar: $cellar seats; exit 0; fi
echo venue: \$1: no such room >&2
exit 3
END
chmod 755 /usr/local/bin/venue
