#!/bin/bash
# courier's own key instead of the password; the login is over ssh all the same.
printf '#!/bin/sh\necho "%s"\n' "$word" > /root/password
chmod 700 /root/password
ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
SSH_ASKPASS=/root/password SSH_ASKPASS_REQUIRE=force ssh-copy-id -o StrictHostKeyChecking=accept-new courier@node2
ssh -o BatchMode=yes courier@node2 'inventory' > /root/inventory.txt
ssh -o BatchMode=yes courier@node2 'bash -l' <<'END'
sudo -u archivist -i <<'INNER'
stamp
INNER
END
