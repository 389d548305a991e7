#!/bin/bash
useradd -M ines
useradd -M tomek
mkdir -p /srv/common /srv/studio/{sketches,empty,"final cuts"} /root/incoming
cd /srv/studio
echo "paper: 80 g" > /srv/common/paper.txt
echo "theme=dark" > .settings
seq -f 'stroke %g' 1 400 > sketches/pier.txt
echo "$RUNG_SEED" | sha256sum > "final cuts/harbour at dawn.raw"
# 4 MiB of hole between two marks
echo begin > "final cuts/harbour.raw"
truncate -s 4M "final cuts/harbour.raw"
echo end >> "final cuts/harbour.raw"
printf '#!/bin/sh\nexec cat "$@"\n' > render
ln -s "final cuts/harbour at dawn.raw" latest
ln -s /srv/common shared
chown -R ines: "final cuts" .settings
chown -R tomek: sketches empty render
chmod 755 . sketches
chmod 600 .settings
chmod 750 empty render
chmod 2770 "final cuts"
chmod 640 "final cuts"/*
chmod 644 sketches/pier.txt

work=$(mktemp -d)
cd "$work"
mkdir -p d/plates d/proofs a/accounts
seq -f "dot %g of $RUNG_SEED" 1 300 > d/plates/blue.plate
seq -f 'dot %g' 5 90 > d/plates/red.plate
echo "two sided" > d/proofs/order.txt
printf '#!/bin/sh\necho printed\n' > d/print
ln -s plates/red.plate d/first
chown -R tomek: d
chown ines: d/plates/blue.plate
chmod 755 d d/proofs
chmod 2775 d/plates
chmod 640 d/plates/blue.plate
chmod 664 d/plates/red.plate
chmod 600 d/proofs/order.txt
chmod 755 d/print
tar -C d -cJf /root/incoming/delivery.tar.gz plates proofs print first
for name in january february march april may june; do
    echo "$name;closed;node-seven" > "a/accounts/$name.csv"
done
echo "do not unpack me" > a/accounts/draft.csv
tar -C a -cf /root/incoming/ledger.tar accounts
cd /
rm -r "$work"
