#!/usr/bin/env bash
# nils: locked; oda: no password; maya, piet: the old rules; viktor: rules of his own.
for user in maya viktor piet oda nils; do
    useradd --create-home --shell /bin/bash "$user"
done
for user in maya viktor piet nils; do
    usermod --password "\$6\$nilsnils\$YIGtCkmLjhiEZc9l3N7mcETTxUL2ukhznwa26kQ5XbJgI9lhAVL.c0EDbgkwhatm.rLUYgFcg2oR6s5X6l5dn0" "$user"
done
chage -m 0 -M 99999 -W 7 -d 2026-01-05 maya
chage -m 5 -M 120 -W 14 viktor
passwd --quiet --delete oda
usermod --lock nils
