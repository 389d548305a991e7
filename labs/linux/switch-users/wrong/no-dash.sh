#!/bin/bash
# fails: shell.login_shell
printf '#!/bin/sh\necho "%s"\n' "$word" > /root/password
chmod 700 /root/password
export SSH_ASKPASS=/root/password SSH_ASKPASS_REQUIRE=force
ssh -o StrictHostKeyChecking=accept-new courier@node2 inventory > /root/inventory.txt
echo "$other" | ssh courier@node2 "bash -lc 'su archivist -c stamp'"
