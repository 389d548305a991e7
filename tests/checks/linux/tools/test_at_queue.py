"""The queue of at(1), parsed."""

from __future__ import annotations

import base64

from rung.checks.linux.tools.at_queue import QueuedJob, parse_queue


def test_jobs_of_at_are_read_without_the_environment() -> None:
    preamble = "#!/bin/sh\ncd /root || {\n\t echo 'Execution directory inaccessible' >&2\n\t exit 1\n}\n"
    script = base64.b64encode(f"{preamble}echo hi\n".encode()).decode()
    found = list(parse_queue(f"root 2026 Nov 4 10:00:00\n{script}\n"))
    assert found == [QueuedJob("root", "2026-11-04 10:00", "echo hi\n")]
