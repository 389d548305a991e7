#!/usr/bin/env bash
# A supervised grinder that should be gone, one that should stay, and four hoarders.
mill=/usr/local/lib/mill
mkdir -p "$mill/pids"
useradd --system --no-create-home --shell /usr/sbin/nologin miller

# Burns about a quarter of a processor: enough to be seen, little enough for a small computer.
cat >"$mill/grinder" <<'PERL'
#!/usr/bin/perl
use strict;
use warnings;
my $load = ($ENV{LOAD} // 0) + 0;
while (1) {
    my $until = time + 1;
    for (my $i = 0; $i < $load * 1_000_000; $i++) { }
    select(undef, undef, undef, $load ? 0.2 : 1);
}
PERL

cat >"$mill/hoarder" <<'PERL'
#!/usr/bin/perl
use strict;
use warnings;
my $mib = ($ENV{STOCK} // 1) + 0;
$SIG{TERM} = $SIG{HUP} = $SIG{INT} = 'IGNORE' if $mib > 64;
my $stock = 'x' x ($mib * 1024 * 1024);
sleep 3600 while length $stock;
PERL
chmod 755 "$mill/grinder" "$mill/hoarder"

cat >/etc/systemd/system/millwright.service <<UNIT
[Unit]
Description=Keeps the mill turning
StartLimitIntervalSec=0

[Service]
User=miller
Environment=LOAD=2
ExecStart=$mill/grinder --lot $lot
Restart=always
RestartSec=200ms

[Install]
WantedBy=multi-user.target
UNIT
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -s ../millwright.service /etc/systemd/system/multi-user.target.wants/millwright.service
systemctl daemon-reload
systemctl start millwright.service

# launch NAME COMMAND...: as miller, outside any unit, its number in pids/NAME.
launch() {
    local name=$1
    shift
    setsid --fork setpriv --reuid miller --regid miller --clear-groups -- \
        bash -c 'echo $$ >&3; exec 3>&-; exec "$@"' launch "$@" 3>"$mill/pids/$name" >/dev/null 2>&1
}
LOAD=1 launch grinder "$mill/grinder" --lot "$lot$digit"
for each in north east south west; do
    stock=6
    if [ "$each" = "$bay" ]; then stock=90; fi
    STOCK=$stock launch "$each" "$mill/hoarder" --bay "$each"
done
until [ "$(pgrep -fc 'hoarder --bay [a-z]*$')" -eq 4 ] && pgrep -f "grinder --lot $lot$digit$" >/dev/null; do
    sleep 0.02
done
