#!/bin/bash
cat > /usr/local/bin/largest <<END
#!/bin/bash
[ -d "\$1" ] || { echo "Sorry, that is not a directory" >&2; exit 2; }
find "\$1" -type f -print0 | du -ab --files0-from=- | sort -nr | head -"\${2:-$count}" | tr '\t' ' '
END
chmod 755 /usr/local/bin/largest
largest "/srv/$room" > /root/largest.txt
