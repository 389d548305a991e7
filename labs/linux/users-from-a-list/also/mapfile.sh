#!/bin/bash
cat > /usr/local/sbin/enroll <<'END'
#!/bin/bash
set -u
new=0 old=0
mapfile -t lines < "$1"
for line in "${lines[@]}"; do
    [[ -z $line || $line == \#* ]] && continue
    login=${line%%,*}
    rest=${line#*,}
    name=${rest%,*}
    group=${rest##*,}
    if id "$login" &> /dev/null; then
        ((old += 1))
    else
        groupadd -f "$group"
        useradd --create-home --shell /bin/bash "$login"
        usermod -c "$name" -aG "$group" "$login"
        ((new += 1))
    fi
done
echo "Done with $1"
printf 'created: %d, present: %d\n' "$new" "$old"
END
chmod 700 /usr/local/sbin/enroll
/usr/local/sbin/enroll /root/roster.csv
