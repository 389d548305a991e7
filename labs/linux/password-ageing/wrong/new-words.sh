#!/usr/bin/env bash
# Unlocks by a new password, and writes the other one down as it is.
# fails: words.nils, words.oda
# after: solution
echo 'nils:welcome-back' | chpasswd
usermod -p "$word" oda
