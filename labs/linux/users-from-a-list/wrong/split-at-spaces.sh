#!/bin/bash
# fails: script.other_list, script.report, roster.first, roster.second, roster.third, again.second_run
# A for loop sees words, not lines; only the one-word name survives.
cat > /usr/local/sbin/enroll <<'END'
#!/bin/bash
created=0 present=0
for entry in $(grep -v '^#' "$1"); do
    IFS=, read -r login name group <<< "$entry"
    if id "$login" > /dev/null 2>&1; then present=$((present + 1)); continue; fi
    [ -n "$group" ] && groupadd -f "$group"
    useradd -m -s /bin/bash -c "$name" ${group:+-G "$group"} "$login" && created=$((created + 1))
done
echo "created: $created, present: $present"
END
chmod 755 /usr/local/sbin/enroll
enroll /root/roster.csv || true
