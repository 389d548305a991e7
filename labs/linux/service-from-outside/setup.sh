#!/usr/bin/env bash
# pressweb as its package brings it, masked; the port is taken by a leftover.
systemctl start ssh.service
mkdir -p /usr/local/lib/pressweb /usr/local/sbin /srv/press
echo "Proofs of batch $batch are ready." >/srv/press/page

cat >/usr/local/sbin/pressweb <<'PERL'
#!/usr/bin/perl
# Answers every request with the page. Listens at the address given, or takes the socket that systemd passes.
use strict;
use warnings;
use IO::Socket::INET;
my ($page, $address) = @ARGV;
my $server;
if (($ENV{LISTEN_FDS} // 0) == 1 && ($ENV{LISTEN_PID} // 0) == $$) {
    $server = IO::Socket::INET->new_from_fd(3, 'r+') or die "pressweb: the socket passed is of no use: $!\n";
} else {
    $server = IO::Socket::INET->new(LocalAddr => $address, Listen => 16, ReuseAddr => 1)
        or die "pressweb: cannot listen at $address: $!\n";
}
$SIG{PIPE} = 'IGNORE';
while (1) {
    my $client = $server->accept or next;
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n?$/; }
    my $body = '';
    if (open my $file, '<', $page) { local $/; $body = <$file>; close $file; }
    print $client "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ", length $body, "\r\n\r\n", $body;
    close $client;
}
PERL
sed 's/pressweb:/old-pressd:/' /usr/local/sbin/pressweb >/usr/local/lib/pressweb/old-pressd
chmod 755 /usr/local/sbin/pressweb /usr/local/lib/pressweb/old-pressd

cat >/usr/lib/systemd/system/pressweb.service <<UNIT
[Unit]
Description=Page of the print shop

[Service]
User=daemon
ExecStart=/usr/local/sbin/pressweb /srv/press/page 127.0.0.1:$port

[Install]
WantedBy=multi-user.target
UNIT
cat >/usr/lib/systemd/system/pressweb.socket <<UNIT
[Unit]
Description=Socket for the page of the print shop

[Socket]
ListenStream=127.0.0.1:$port

[Install]
WantedBy=sockets.target
UNIT
ln -s /dev/null /etc/systemd/system/pressweb.socket

echo "Closed for stocktaking." >/usr/local/lib/pressweb/closed
cat >/etc/systemd/system/old-pressd.service <<UNIT
[Unit]
Description=Page of the print shop, version 1

[Service]
ExecStart=/usr/local/lib/pressweb/old-pressd /usr/local/lib/pressweb/closed 127.0.0.1:$port

[Install]
WantedBy=multi-user.target
UNIT
mkdir -p /etc/systemd/system/multi-user.target.wants
ln -s ../old-pressd.service /etc/systemd/system/multi-user.target.wants/old-pressd.service
systemctl daemon-reload
systemctl start old-pressd.service
until curl -fs -o /dev/null "http://127.0.0.1:$port/"; do
    sleep 0.02
done
