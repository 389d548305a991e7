# The database: an answer for whoever asks, at the address by which base is on the nodes' network.
address=$(hostname -I | cut -d' ' -f1)
install -d /srv/ledger
cat >/usr/local/bin/ledger-db <<'END'
#!/usr/bin/python3
"""Stands in for a database: ledger-db ADDRESS PORT TEXT"""
import http.server
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"{sys.argv[3]}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Answer).serve_forever()
END
chmod 755 /usr/local/bin/ledger-db
cat >/etc/systemd/system/ledger-db.service <<END
[Unit]
Description=Database of the ledger

[Service]
ExecStart=/usr/local/bin/ledger-db $address $port "ledger $mark"
User=nobody

[Install]
WantedBy=multi-user.target
END
cat >/srv/ledger/README <<END
The database of the ledger runs on base as the service ledger-db.
Address: $address
Port:    $port
It answers "ledger $mark" to whoever asks.
END
systemctl daemon-reload
systemctl enable --now ledger-db
for _ in $(seq 50); do
    curl -fs "http://$address:$port/" >/dev/null && break
    sleep 0.2
done
curl -fs "http://$address:$port/" | grep -q "ledger $mark"
