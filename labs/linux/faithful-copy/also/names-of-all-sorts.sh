#!/usr/bin/env bash
# Further files of the office, whatever they are called, are no mistake; the archive is kept, too.
#@ office as clerk
touch $'ledgers/two\nlines' $'ledgers/a\ttab' 'ledgers/back\slash'
ssh -n archive 'tar -C /srv/ledgers -cf - .' >ledgers.tar
tar -C ledgers --same-permissions -xf ledgers.tar
