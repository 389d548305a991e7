#!/bin/bash
# fails: reach.rest
# after: solution
chown "$person" /srv/press/issues/spring
chmod 750 /srv/press/issues/spring
