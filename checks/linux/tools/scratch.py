"""A directory of its own inside the machine, for probes that need one; always removed."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from rung.checks.core.machine import CommandTimeout, Machine, MachineGone
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer


@contextlib.contextmanager
def scratch_directory(host: Machine) -> Iterator[str]:
    """The path of a new directory that only root may enter. Raises Fail where none can be made.

    Named here and not by mktemp, so that it is removed even where the machine's answer is lost.
    """
    path = f"/var/tmp/.rung-{secrets.token_hex(6)}"
    try:
        made = host.run("mkdir -m 700 -- %s", path)
        if not made.ok:
            raise Fail(no_answer("a scratch directory below /var/tmp", "mkdir", made))
        yield path
    finally:
        with contextlib.suppress(MachineGone, CommandTimeout):
            host.run("rm -rf -- %s", path)
