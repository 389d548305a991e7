#!/bin/bash
# fails: retention.retention, status.status, since.since
# after: solution
# The old default, the command's page instead of the daemon's, and the newest entry that has the word.
cat > /root/answers.json <<END
{
  "port": {"value": $port, "page": "tidewatch(7)"},
  "retention": {"value": 30, "page": "tidewatch.conf(5)"},
  "status": {"value": $((status + 9)), "page": "tidewatch(1)"},
  "since": {"value": "3.$((minor + 2))", "page": "/usr/share/doc/tidewatch/changelog.gz"},
  "calibration": {"value": $minutes, "page": "(tidewatch)Calibration"}
}
END
