#!/bin/bash
# fails: port.port, status.status, calibration.calibration
# after: solution
# The right section is missing in one place, the node in another, and one answer names two sections.
sed -i 's/tidewatch(7)/tidewatch/; s/tidewatchd(8)/tidewatchd(1), tidewatchd(8)/; s/(tidewatch)Calibration/(tidewatch)Top/' /root/answers.json
