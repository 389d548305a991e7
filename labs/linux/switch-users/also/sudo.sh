#!/bin/bash
printf '#!/bin/sh\necho "%s"\n' "$word" > /root/password
chmod 700 /root/password
export SSH_ASKPASS=/root/password SSH_ASKPASS_REQUIRE=force
ssh -o StrictHostKeyChecking=no -l courier node2 inventory | tee /root/inventory.txt
ssh -o StrictHostKeyChecking=no -l courier node2 sudo -iu archivist stamp
