# Makes the starting state, as root on the first machine. Learners never see it.
mkdir -p /srv/hours
printf 'Mon 8\nTue 7\n' >/srv/hours/erin
