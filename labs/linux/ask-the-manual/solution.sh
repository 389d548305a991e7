#!/bin/bash
man -k tide || true
cat > /root/answers.json <<END
{
  "port": {"value": $port, "page": "tidewatch(7)"},
  "retention": {"value": $days, "page": "tidewatch.conf(5)"},
  "status": {"value": $status, "page": "tidewatchd(8)"},
  "since": {"value": "3.$minor", "page": "/usr/share/doc/tidewatch/changelog.gz"},
  "calibration": {"value": $minutes, "page": "(tidewatch)Calibration"}
}
END
