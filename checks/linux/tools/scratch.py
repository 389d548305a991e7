"""A temporary directory inside the machine, for probes that need one."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer


@contextlib.contextmanager
def scratch_directory(host: Machine) -> Iterator[str]:
    """Create a directory that only root may enter, yield its path, and remove it. Raises Fail if it cannot be made.

    The name is chosen here and not by mktemp, so that the directory is removed even if the machine's answer is lost.
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
