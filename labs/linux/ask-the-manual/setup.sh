#!/bin/bash
man=/usr/local/share/man
install -d "$man"/man{1,5,7,8} /usr/share/doc/tidewatch /usr/share/info
cat > "$man/man7/tidewatch.7" <<END
.TH TIDEWATCH 7 "2026-02-01" "tidewatch 3" "Miscellanea"
.SH NAME
tidewatch \- overview of the tide gauge service
.SH DESCRIPTION
.B Tidewatch
collects readings of tide gauges. It is made of a daemon,
.BR tidewatchd (8),
and a command for people,
.BR tidewatch (1).
.SH NETWORK
Gauges report to UDP port $port of the host that runs the daemon.
The port $((port + 11)), on TCP, is for people who ask;
port $((port - 7)) was used before version 3.0 and is closed.
.SH SEE ALSO
.BR tidewatch (1),
.BR tidewatch.conf (5),
.BR tidewatchd (8)
END
cat > "$man/man1/tidewatch.1" <<END
.TH TIDEWATCH 1 "2026-02-01" "tidewatch 3" "User Commands"
.SH NAME
tidewatch \- ask for the readings of a tide gauge
.SH SYNOPSIS
.B tidewatch
[\fB\-\-quiet\fR] \fIGAUGE\fR
.SH EXIT STATUS
0 if there is a reading, $((status + 9)) if another process holds the lock of the readings.
.SH SEE ALSO
.BR tidewatch (7)
END
cat > "$man/man5/tidewatch.conf.5" <<END
.TH TIDEWATCH.CONF 5 "2026-02-01" "tidewatch 3" "File Formats"
.SH NAME
tidewatch.conf \- configuration of the tide gauge daemon
.SH DESCRIPTION
One setting in each line, as \fIkey = value\fR.
.TP
.B lock
Path of the lock file.
.TP
.B keep
Number of days after which readings are thrown away. Up to version 2.9 it was 30 if the file did not say it;
since then it is $days.
.TP
.B keep_raw
The same for raw readings; $((days - 20)) if not given.
.SH SEE ALSO
.BR tidewatchd (8)
END
cat > "$man/man8/tidewatchd.8" <<END
.TH TIDEWATCHD 8 "2026-02-01" "tidewatch 3" "System Administration"
.SH NAME
tidewatchd \- daemon that collects the readings of tide gauges
.SH EXIT STATUS
.TP
.B 1
The configuration cannot be read.
.TP
.B $status
Another daemon holds the lock.
.TP
.B $((status + 1))
The port is taken.
.SH SEE ALSO
.BR tidewatch.conf (5),
.BR tidewatch (7)
END
gzip -9n > /usr/share/doc/tidewatch/changelog.gz <<END
tidewatch 3.$((minor + 2))
  * The option --quiet no longer hides errors.
tidewatch 3.$((minor + 1))
  * Fix a typing mistake in the message of --verbose.
tidewatch 3.$minor
  * New option --quiet.
tidewatch 3.1
  * The manual promised an option --silent, which never was; it says so no longer.
tidewatch 3.0
  * Gauges report over UDP.
END
echo "Tidewatch reads tide gauges. See tidewatch(7)." > /usr/share/doc/tidewatch/README
{
    printf 'This is tidewatch.info.\n\nINFO-DIR-SECTION Harbour\nSTART-INFO-DIR-ENTRY\n'
    printf '* Tidewatch: (tidewatch).       Gauges and how to keep them true.\nEND-INFO-DIR-ENTRY\n\n'
    printf '\037\nFile: tidewatch.info,  Node: Top,  Next: Mounting,  Up: (dir)\n\nTidewatch\n*********\n\n'
    printf '* Menu:\n\n* Mounting::      Where a gauge belongs.\n* Calibration::   Keeping it true.\n\n'
    printf '\037\nFile: tidewatch.info,  Node: Mounting,  Next: Calibration,  Prev: Top,  Up: Top\n\n1 Mounting\n**********\n\n'
    printf 'A gauge wants %d minutes of rest before its first calibration.\n\n' $((minutes + 5))
    printf '\037\nFile: tidewatch.info,  Node: Calibration,  Prev: Mounting,  Up: Top\n\n2 Calibration\n*************\n\n'
    printf 'A calibration takes two minutes.  The next one is due %d minutes later.\n' "$minutes"
} > /usr/share/info/tidewatch.info
if [ -e /usr/share/info/dir ]; then
    printf '\nHarbour\n* Tidewatch: (tidewatch).       Gauges and how to keep them true.\n' >> /usr/share/info/dir
fi
mandb --quiet "$man" > /dev/null 2>&1 || true
