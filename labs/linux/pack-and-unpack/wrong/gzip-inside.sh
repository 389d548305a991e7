#!/bin/bash
# fails: pack.compression
# after: solution
tar -C /srv -czf /root/studio.tar.bz2 studio
