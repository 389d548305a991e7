#!/bin/bash
# awk picks the lines apart and drives useradd.
cat > /usr/local/sbin/enroll <<'SCRIPT'
#!/bin/sh
awk -F, -v quote="'" '
function quoted(s) { gsub(quote, quote "\\" quote quote, s); return quote s quote }
/^#/ || !NF { next }
system("getent passwd " quoted($1) " >/dev/null") == 0 { m++; next }
{
    system("groupadd -f " quoted($3))
    system("useradd -m -s /bin/bash -c " quoted($2) " -G " quoted($3) " " quoted($1))
    n++
}
END { print "created: " n + 0 ", present: " m + 0 }' "$1"
SCRIPT
chmod 755 /usr/local/sbin/enroll
/usr/local/sbin/enroll /root/roster.csv
