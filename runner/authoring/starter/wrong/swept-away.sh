# Everything is right, and then too much is emptied.
# fails: hours.erin
# after: solution
for file in /srv/hours/*; do : >"$file"; done
