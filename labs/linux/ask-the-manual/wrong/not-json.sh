#!/bin/bash
# fails: port.port, retention.retention, status.status, since.since, calibration.calibration
# after: solution
sed -i '$d' /root/answers.json
