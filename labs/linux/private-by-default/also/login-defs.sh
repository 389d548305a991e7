#!/usr/bin/env bash
# The mask of login.defs, which pam_umask reads; root's is written in root's own account.
sed -i 's/^UMASK.*/UMASK 027/' /etc/login.defs
grep -q pam_umask /etc/pam.d/common-session || echo 'session optional pam_umask.so' >>/etc/pam.d/common-session
usermod -c 'root,umask=022' root
sed -i 's|^ExecStart=\(.*\)|ExecStart=/bin/sh -c "umask 77; exec \1"|' /etc/systemd/system/inkwell.service
systemctl daemon-reload
systemctl restart inkwell
