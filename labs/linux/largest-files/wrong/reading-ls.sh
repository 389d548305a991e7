#!/bin/bash
# fails: report.other_tree, report.below, report.few, number.second_argument, depot.depot
# after: solution
cat > /usr/local/bin/largest <<END
#!/bin/bash
if [ ! -d "\$1" ]; then echo "not a directory" >&2; exit 2; fi
ls -lR "\$1" | grep '^-' | awk '{ print \$5, \$9 }' | sort -rn | head -n "\${2:-$count}"
END
largest "/srv/$room" > /root/largest.txt
