#!/bin/bash
# At a terminal you type the passwords; a script needs a helper that prints them.
printf '#!/bin/sh\necho "%s"\n' "$word" > /root/password
chmod 700 /root/password
export SSH_ASKPASS=/root/password SSH_ASKPASS_REQUIRE=force
ssh -o StrictHostKeyChecking=accept-new courier@node2 inventory > /root/inventory.txt
echo "$other" | ssh courier@node2 "su - archivist -c stamp"
rm /root/password
