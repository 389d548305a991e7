#!/bin/bash
# fails: port.port, calibration.calibration
# after: solution
# The right section is missing in one place, the node in another.
sed -i 's/tidewatch(7)/tidewatch/; s/(tidewatch)Calibration/(tidewatch)Top/' /root/answers.json
