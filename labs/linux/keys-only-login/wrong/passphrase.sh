#!/usr/bin/env bash
# A key with a passphrase asks a question at every log-in.
# fails: key.works
# after: solution
#@ desk as mina
ssh-keygen -q -p -P '' -N 'open sesame' -f ~/.ssh/id_ed25519
