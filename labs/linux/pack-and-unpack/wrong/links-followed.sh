#!/bin/bash
# fails: pack.tree
# after: solution
tar -C /srv -chjf /root/studio.tar.bz2 studio
