#!/bin/bash
# fails: reach.rest
# after: solution
# The contracts beside the file were none of the group's business.
chgrp -R press /srv/press/issues/spring
chmod -R g+rX /srv/press/issues/spring
