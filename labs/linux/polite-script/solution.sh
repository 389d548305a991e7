#!/bin/bash
read -r garden hall cellar <<< "$seats"
cat > /usr/local/bin/venue <<END
#!/bin/bash
if [ \$# -ne 1 ] || [ -z "\$1" ]; then
    echo "usage: venue ROOM" >&2
    exit 2
fi
if [ "\$1" = "garden" ]; then
    echo "garden: $garden seats"
elif [ "\$1" = "great hall" ]; then
    echo "great hall: $hall seats"
elif [ "\$1" = "cellar" ]; then
    echo "cellar: $cellar seats"
else
    echo "venue: \$1: no such room" >&2
    exit 3
fi
END
chmod 755 /usr/local/bin/venue
