#!/bin/bash
# The shell's own streams are redirected, and the command inherits them.
(
    exec > /srv/survey/findings.txt 2> /srv/survey/warnings.txt
    /opt/survey
)
awk 'END { print }' /srv/survey/findings.txt >> /srv/survey/audit.log
/opt/survey &> /srv/survey/everything.txt
awk '/finding/ { n++ } END { print n }' /srv/survey/everything.txt > /srv/survey/count.txt
