#!/bin/sh
# Packs the images that labs deploy, under the names that labs know. workloads.sh FOLDER TO: FOLDER holds
# tools/ and images/ (the trees of web and box), TO gets web.tar and box.tar.
set -eu
here=$1 to=$2

web() { echo "{\"Env\":[\"PATH=/usr/bin\",\"VERSION=$1\"],\"User\":\"65532:65532\",\"Entrypoint\":[\"/usr/bin/web\"]}"; }
sh "$here/tools/pack.sh" "$here/images/web" "$to/web.tar" \
    rung/web:1.0 "$(web 1.0)" rung/web:1.1 "$(web 1.1)" rung/web:1.2-bad "$(web 1.2-bad)"
sh "$here/tools/pack.sh" "$here/images/box" "$to/box.tar" \
    rung/box:1.0 '{"Env":["PATH=/usr/bin:/usr/sbin"],"Cmd":["sleep","infinity"]}'
