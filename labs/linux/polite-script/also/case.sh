#!/bin/bash
read -r garden hall cellar <<< "$seats"
cat > /usr/local/bin/venue <<END
#!/bin/sh
usage() { echo 'usage: venue ROOM' >&2; exit 2; }
test \$# -eq 1 || usage
case "\$1" in
    '') usage ;;
    garden) n=$garden ;;
    'great hall') n=$hall ;;
    cellar) n=$cellar ;;
    *) printf 'venue: %s: no such room\n' "\$1" >&2; exit 3 ;;
esac
printf '%s: %d seats\n' "\$1" "\$n"
END
chmod a+x /usr/local/bin/venue
