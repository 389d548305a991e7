#!/usr/bin/env bash
# The mistake is only commented out, and the guest's day goes on.
# fails: operators.may, operators.each, nobody-else.casey, nobody-else.everybody
sed -i 's/^/#/' /etc/sudoers.d/40-operators
echo "$lead ALL=(ALL) ALL" >>/etc/sudoers.d/40-operators
