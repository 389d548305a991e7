#!/usr/bin/env bash
# The system has a group whose members may do everything; the others get an entry for negations to work on.
usermod -aG sudo "$lead"
rm /etc/sudoers.d/80-fair
cat >/etc/sudoers.d/40-operators <<SUDO
%operators ALL = (root:root) NOPASSWD: sha256:$(openssl dgst -sha256 -binary /usr/bin/systemctl | base64) /usr/bin/systemctl ^restart $unit\\.service\$
SUDO
cat /etc/sudoers.d/40-operators
