#!/bin/bash
# fails: script.other_list
# The group of the list takes the place of the account's own.
cat > /usr/local/sbin/enroll <<'END'
#!/bin/bash
created=0 present=0
while IFS=, read -r login name group || [ -n "$login" ]; do
    case $login in '' | '#'*) continue ;; esac
    if id "$login" > /dev/null 2>&1; then present=$((present + 1)); continue; fi
    groupadd -f "$group"
    useradd -m -s /bin/bash -c "$name" -g "$group" "$login"
    created=$((created + 1))
done < "$1"
echo "created: $created, present: $present"
END
chmod 755 /usr/local/sbin/enroll
enroll /root/roster.csv
