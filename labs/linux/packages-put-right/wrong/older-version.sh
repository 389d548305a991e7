#!/usr/bin/env bash
# fails: newest.lantern
# after: solution
dnf -y downgrade lantern
