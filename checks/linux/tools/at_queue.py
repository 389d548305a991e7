"""The jobs that wait in the queue of at(1)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

# Prints two lines for each job, which parse_queue reads. `=` is the queue of jobs that run now.
QUEUE_SCRIPT = r"""q=$(atq) || exit
echo "$q" | sort -n | while read -r job _ month day time year queue user; do
  [ -n "$job" ] && [ "$queue" != = ] || continue
  echo "$user $year $month $day $time"; at -c "$job" | base64 -w0; echo
done"""
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True)
class QueuedJob:
    """A job in at's queue: its user, its time ("YYYY-MM-DD HH:MM" in the machine's time zone) and its script."""

    user: str
    time: str
    text: str


def parse_queue(text: str) -> Iterator[QueuedJob]:
    """The jobs in the output of QUEUE_SCRIPT: `USER YEAR MONTH DAY TIME` and base64 of `at -c`, line by line."""
    lines = text.split("\n")
    for head, data in zip(lines[0::2], lines[1::2], strict=False):
        user, year, month, day, time = head.split()
        date = f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}"
        script = base64.b64decode(data).decode("utf-8", "replace")
        # at puts the caller's environment before the job; a cd ends that part.
        _, _, rest = script.partition("Execution directory inaccessible")
        yield QueuedJob(user, f"{date} {time[:5]}", rest.partition("\n}\n")[2] if rest else script)
