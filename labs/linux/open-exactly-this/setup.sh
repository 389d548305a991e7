#!/usr/bin/env bash
# eth0 in the wrong zone, the old port open everywhere, the new one nowhere.
mkdir -p /srv/shop/page /srv/shop/till /srv/shop/stock
echo 'Open from nine to six.' >/srv/shop/page/index.html
echo 'Till of 2009' >/srv/shop/till/index.html
echo 'Stock list' >/srv/shop/stock/index.html

# serve UNIT PORT FOLDER DESCRIPTION
serve() {
    cat >"/etc/systemd/system/$1.service" <<UNIT
[Unit]
Description=$4

[Service]
User=nobody
ExecStart=/usr/bin/python3 -m http.server --directory $3 $2

[Install]
WantedBy=multi-user.target
UNIT
}
serve shop-page "$web" /srv/shop/page 'Page of the shop'
serve shop-till "$old" /srv/shop/till 'What is left of the old till'
serve shop-stock 5433 /srv/shop/stock 'Stock list, for store itself'

mkdir -p /etc/firewalld/zones /etc/firewalld/services
cat >/etc/firewalld/zones/dmz.xml <<ZONE
<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>DMZ</short>
  <interface name="eth0"/>
  <service name="ssh"/>
  <port port="$old" protocol="tcp"/>
</zone>
ZONE
for name in work home internal public; do
    sed "s,</zone>,  <port port=\"$old\" protocol=\"tcp\"/>\n</zone>," "/usr/lib/firewalld/zones/$name.xml" \
        >"/etc/firewalld/zones/$name.xml"
done

systemctl daemon-reload
systemctl enable --quiet --now ssh.service shop-page.service shop-till.service shop-stock.service firewalld.service
for port in "$web" "$old" 5433; do
    until curl -fs -o /dev/null "http://127.0.0.1:$port/"; do
        sleep 0.05
    done
done
