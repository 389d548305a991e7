#!/usr/bin/env bash
# The whole pair was copied.
# fails: key.private-keys
# after: solution
#@ desk as mina
scp -q ~/.ssh/id_ed25519 ~/.ssh/id_ed25519.pub mina@vault:.ssh/
