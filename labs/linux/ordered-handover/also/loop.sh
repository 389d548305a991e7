#!/bin/bash
shopt -s dotglob
cd /srv/drop
for y in "$year" $((year + 1)) $((year + 2)); do
    install -d -g office -m 2750 "/srv/handover/$y"
    for f in ./*"$y"*; do
        mv "$f" "/srv/handover/$y/"
    done
done
cat > /srv/handover/README <<END
Handed over by $person
Years $year to $((year + 2))
Scripts may run, papers may not
END
chown -R :office /srv/handover
chmod -R u=rw,g=r,o=,u+X,g+X /srv/handover/*/
# X keeps the x of a file that anybody may execute already; set files straight.
for f in /srv/handover/*/*; do
    case $f in
        *.sh) chmod u=rwx,g=rx,o= "$f" ;;
        *) chmod u=rw,g=r,o= "$f" ;;
    esac
done
