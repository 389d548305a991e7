#!/usr/bin/env bash
# A tag is missing in one rule and too much in the other.
# fails: operators.may, operators.each, lead.anything
# after: solution
sed -i -e '/^%operators/s/NOPASSWD: //' -e '/^%operators/!s/) ALL/) NOPASSWD: ALL/' /etc/sudoers.d/40-operators
