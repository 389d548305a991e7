#!/bin/bash
# fails: pick.only
# after: solution
tar -C /srv -xf /root/incoming/ledger.tar
