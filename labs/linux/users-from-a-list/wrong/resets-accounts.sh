#!/bin/bash
# fails: script.leaves_present_alone, roster.present
cat > /usr/local/sbin/enroll <<'END'
#!/bin/bash
created=0 present=0
while IFS=, read -r login name group || [ -n "$login" ]; do
    case $login in '' | '#'*) continue ;; esac
    if id "$login" > /dev/null 2>&1; then
        present=$((present + 1))
    else
        useradd -m "$login"
        created=$((created + 1))
    fi
    groupadd -f "$group"
    usermod -s /bin/bash -c "$name" -aG "$group" "$login"
done < "$1"
echo "created: $created, present: $present"
END
chmod 755 /usr/local/sbin/enroll
enroll /root/roster.csv
