"""What the machine `base` is given."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine
from rung.runner.drivers.cluster.base_machine import give_token

PROGRAMS = {
    "getent": 'echo "$2:x:0:0::/home/$2:/bin/bash"',
    "runuser": 'who=$2; shift 3; echo "$who runs $*" >> "$LOG"',
}


class _Here:
    """Runs commands on this computer, with PROGRAMS in place of its own."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        for name, script in PROGRAMS.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        self.environment = {"PATH": f"{folder}:{os.environ['PATH']}", "LOG": str(self.log)}

    def run(self, command: str, **_: Any) -> Result:
        done = subprocess.run(["sh", "-c", command], env=self.environment, capture_output=True, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def close(self) -> None:
        """Nothing is open."""


def test_a_new_token_is_given_to_the_kubeconfigs_of_both_users(tmp_path: Path) -> None:
    here = _Here(tmp_path)
    give_token(Machine("base", here), "mine at eu/1", "t'0k3n")
    config = "config set-credentials mine at eu/1 --token=t'0k3n"
    assert here.log.read_text().splitlines() == [
        f"{user} runs kubectl --kubeconfig /home/{user}/.kube/config {config}" for user in ("root", "candidate")
    ]
