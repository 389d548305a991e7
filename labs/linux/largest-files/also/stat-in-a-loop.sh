#!/bin/bash
cat > /usr/local/bin/largest <<END
#!/bin/bash
dir=\${1-}
if [[ ! -d \$dir ]]; then printf '%s: not a directory\n' "\${dir:-nothing}" 1>&2; exit 2; fi
while IFS= read -r -d '' path; do
    echo "\$(stat -c %s -- "\$path") \$path"
done < <(find "\$dir" -type f -print0) | sort -k 1,1nr | sed "\${2:-$count}q"
END
chmod +x /usr/local/bin/largest
/usr/local/bin/largest "/srv/$room" | tee /root/largest.txt
