#!/bin/bash
# fails: refused.log
# after: solution
# The learner left a mark in the log.
echo '# read by the day shift' >> /var/log/gate/access.log
