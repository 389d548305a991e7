#!/bin/bash
read -r garden hall cellar <<< "$seats"
cat > /usr/local/bin/venue <<END
#! /usr/bin/env bash
declare -A rooms=([garden]=$garden ["great hall"]=$hall [cellar]=$cellar)
if [[ \$# != 1 || -z \$1 ]]; then
    echo "usage: venue ROOM" 1>&2
    exit 2
elif [[ -n \${rooms[\$1]} ]]; then
    echo "\$1: \${rooms[\$1]} seats"
else
    echo "venue: \$1: no such room" 1>&2
    exit 3
fi
END
chmod 0755 /usr/local/bin/venue
