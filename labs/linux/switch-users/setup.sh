#!/bin/bash
#@ node2
useradd -m -s /bin/bash courier
useradd -m -s /bin/bash archivist
printf 'courier:%s\narchivist:%s\n' "$word" "$other" | chpasswd -c SHA512 -s 1000
echo 'courier ALL=(archivist) NOPASSWD: ALL' > /etc/sudoers.d/courier
chmod 440 /etc/sudoers.d/courier
echo 'export ROUTE=harbour-road' >> /home/courier/.profile
echo "export SHELF=$shelf" >> /home/archivist/.profile
install -d -m 1733 /var/lib/stamp
cat > /usr/local/bin/inventory <<END
#!/bin/sh
echo "\$(uname -n): shelf $shelf is kept for \$(id -un)"
END
cat > /usr/local/bin/stamp <<'END'
#!/bin/bash
# Writes down who called it: one file for each call, which nobody but the caller can have made.
file=/var/lib/stamp/$(date +%s)-$$
{
    echo "user=$(id -un)"
    echo "home=$HOME"
    echo "logname=$LOGNAME"
    echo "shelf=$SHELF"
    echo "route=$ROUTE"
    pid=$PPID
    while [ "$pid" -gt 1 ]; do
        echo "by=$(tr '\0' ' ' < "/proc/$pid/cmdline")"
        pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status")
    done
} > "$file"
chmod 644 "$file"
sed 's/^/stamp: /' "$file"
END
chmod 755 /usr/local/bin/inventory /usr/local/bin/stamp
install -d /etc/ssh/sshd_config.d
printf 'PasswordAuthentication yes\nDenyUsers archivist root\n' > /etc/ssh/sshd_config.d/10-lab.conf
systemctl restart ssh
