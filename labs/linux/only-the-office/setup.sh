#!/usr/bin/env bash
#@ server
mkdir -p /srv/web /srv/admin /etc/systemd/system/multi-user.target.wants
echo "Welcome, everybody" >/srv/web/index.html
echo "For the office only" >/srv/admin/index.html
unit() {
    cat >"/etc/systemd/system/$1-page.service" <<UNIT
[Unit]
Description=$2

[Service]
ExecStart=/usr/bin/python3 -m http.server $3 --directory /srv/$1

[Install]
WantedBy=multi-user.target
UNIT
    ln -s "../$1-page.service" "/etc/systemd/system/multi-user.target.wants/$1-page.service"
}
unit web "Page for everybody" 80
unit admin "Page of the administration" "$admin"
mkdir -p /etc/firewalld/zones
cat >/etc/firewalld/zones/public.xml <<'ZONE'
<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <service name="ssh"/>
  <service name="http"/>
</zone>
ZONE
systemctl --quiet enable firewalld.service
systemctl start ssh.service web-page.service admin-page.service firewalld.service
