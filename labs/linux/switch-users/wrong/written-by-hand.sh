#!/bin/bash
# fails: remote.output, shell.login_shell
# The stamp is forged by root, and the inventory was redirected on the wrong side.
printf '#!/bin/sh\necho "%s"\n' "$word" > /root/password
chmod 700 /root/password
export SSH_ASKPASS=/root/password SSH_ASKPASS_REQUIRE=force
ssh -o StrictHostKeyChecking=accept-new courier@node2 'inventory > inventory.txt'
#@ node2
{
    printf '%s\n' user=archivist home=/home/archivist logname=archivist "shelf=$shelf" route=
    echo 'by=sshd: courier@pts/0'
} > /var/lib/stamp/1700000000-1
