#!/bin/bash
cat > /usr/local/bin/largest <<END
#!/bin/bash
if [ ! -d "\$1" ]; then
    echo "largest: \$1: not a directory" >&2
    exit 2
fi
find "\$1" -type f -printf '%s %p\n' | sort -rn | head -n "\${2:-$count}"
END
chmod 755 /usr/local/bin/largest
largest "/srv/$room" > /root/largest.txt
