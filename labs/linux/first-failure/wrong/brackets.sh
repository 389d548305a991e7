#!/bin/bash
# fails: unit.first, status.number, user.number, logins.number
# after: solution
# Deeper than any reader of JSON goes.
printf '%0100000d' 0 | tr 0 '[' > /root/answers.json
