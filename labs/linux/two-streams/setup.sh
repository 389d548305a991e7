#!/bin/bash
install -d /srv/survey /var/lib/survey
echo "$site $findings $warnings" > /var/lib/survey/plan
echo $((RUNG_SEED % 400 + 20)) > /var/lib/survey/runs
for i in 1 2 3 4 5; do
    echo "run $((RUNG_SEED % 400 + 10 + i)): finding $((findings + i % 2)): $site plot $((i * 11 % 50))"
done > /srv/survey/audit.log
cat > /opt/survey <<'END'
#!/bin/bash
# Walks the site once: findings to standard output, warnings to standard error.
read -r site findings warnings < /var/lib/survey/plan
run=$(($(< /var/lib/survey/runs) + 1))
echo "$run" > /var/lib/survey/runs
every=$((findings / warnings))
for ((i = 1; i <= findings; i++)); do
    echo "run $run: finding $i: $site plot $((i * 7 % 50))"
    if ((i % every == 0 && i / every <= warnings)); then
        echo "run $run: warning $((i / every)): $site sensor $((i * 3 % 20)) answers late" >&2
    fi
done
END
chmod 755 /opt/survey
