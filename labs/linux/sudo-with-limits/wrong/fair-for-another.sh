#!/usr/bin/env bash
# The guest is out, and somebody else is in.
# fails: nobody-else.everybody
# after: solution
printf 'nobody ALL=(root) NOPASSWD: /usr/bin/true\n' >/etc/sudoers.d/90-probe
chmod 0440 /etc/sudoers.d/90-probe
