#!/usr/bin/env bash
# fails: plain.known, plain.unchecked
# after: solution
sed -i 's|8000/plain/|8000/plain/repodata/|' /etc/yum.repos.d/lab.repo
