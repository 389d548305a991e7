"""The jobs that wait in the queue of at(1)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

# `=` is the queue of jobs that run now.
QUEUE_SCRIPT = r"""q=$(atq) || exit
echo "$q" | sort -n | while read -r job _ month day time year queue user; do
  [ -n "$job" ] && [ "$queue" != = ] || continue
  echo "$user $year $month $day $time"; at -c "$job" | base64 -w0; echo
done"""
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True)
class QueuedJob:
    """A job in at's queue: when it runs ("YYYY-MM-DD HH:MM"), as whom, and its own text."""

    user: str
    time: str
    text: str


def parse_queue(text: str) -> Iterator[QueuedJob]:
    """The jobs that two lines each describe: `USER YEAR MONTH DAY TIME`, and base64 of `at -c`."""
    lines = text.split("\n")
    for head, data in zip(lines[0::2], lines[1::2], strict=False):
        user, year, month, day, time = head.split()
        date = f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}"
        script = base64.b64decode(data).decode("utf-8", "replace")
        # at writes the caller's environment before the job, and ends that part with a cd.
        _, _, rest = script.partition("Execution directory inaccessible")
        yield QueuedJob(user, f"{date} {time[:5]}", rest.partition("\n}\n")[2] if rest else script)
