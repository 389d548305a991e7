#!/bin/bash
# fails: script.other_list, script.report, roster.last, again.second_run
sed 's/^    //' > /usr/local/sbin/enroll <<'END'
    #!/bin/bash
    created=0 present=0
    while IFS=, read -r login name group; do
        case $login in '' | '#'*) continue ;; esac
        if id "$login" > /dev/null 2>&1; then present=$((present + 1)); continue; fi
        getent group "$group" > /dev/null || groupadd "$group"
        useradd -m -s /bin/bash -c "$name" -G "$group" "$login"
        created=$((created + 1))
    done < "$1"
    echo "created: $created, present: $present"
END
chmod 755 /usr/local/sbin/enroll
enroll /root/roster.csv
