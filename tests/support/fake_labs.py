"""Small labs on disk and a fake engine whose machines know facts: `get NAME` prints one, scripts `set NAME VALUE`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rung.checks.core.channel import DEFAULT_TIMEOUT, MachineGone, Result
from rung.runner.drivers.fake.driver import FakeDriver

LAB = """\
title: Two facts
objectives: []
difficulty: easy
minutes: 5
environment:
  machines: [{name: node1}]
tasks:
  - id: one
    text: Make the fact `a` say yes.
    expect:
      - {id: a, command: get a, stdout: "yes"}
  - id: two
    text: Make the fact `b` say yes, and leave `kept` alone.
    expect:
      - {id: b, command: get b, stdout: "yes"}
      - {id: kept, command: get kept, stdout: "yes", holds: true}
"""
SCRIPTS = {
    "setup.sh": "set kept yes\n",
    "solution.sh": "set a yes\nset b yes\n",
    "also/backwards.sh": "set b yes\nset a yes\n",
    "wrong/half.sh": "# fails: two.b\nset a yes\n",
    "wrong/damage.sh": "# fails: two.kept\n# after: solution\nset kept no\n",
}


def write_lab(folder: Path, lab: str = LAB, **scripts: str | None) -> Path:
    """A lab that proves on a FactDriver; scripts named by path with `_` for `/` and no `.sh` are put in place of its
    own (None: left out)."""
    given = {name.replace("_", "/") + ".sh": text for name, text in scripts.items()}
    for name, text in {"lab.yaml": lab, **SCRIPTS, **given}.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return folder


@dataclass
class FactChannel:
    """A machine that is nothing but facts."""

    driver: FactDriver
    attempt: str
    machine: str

    def run(
        self,
        command: str,
        *,
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ARG002
        stdin: bytes = b"",
        again: bool = True,  # noqa: ARG002
    ) -> Result:
        self.driver.alive()
        if self.driver.state(self.attempt, self.machine) != "running":
            raise MachineGone(f"{self.machine} does not run", self.machine)
        facts = self.driver.facts.setdefault(self.attempt, {})
        if stdin:
            return self._script(stdin.decode(), facts)
        word, _, name = command.partition(" ")
        if word == "get":
            with self.driver.lock:
                return Result(0, self.driver.told(name, facts).encode(), b"")
        return Result(0, b"", b"")

    @staticmethod
    def _script(text: str, facts: dict[str, str]) -> Result:
        for line in text.splitlines():
            match line.split():
                case ["set", name, value]:
                    facts[name] = value
                case ["false"]:
                    return Result(1, b"it went wrong\n", b"")
        return Result(0, b"", b"")

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class FactDriver(FakeDriver):
    """A fake engine: each attempt has facts of its own; a restart forgets those that begin with `volatile`."""

    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    flips: dict[str, int] = field(default_factory=dict)  # facts that say something else each time
    lock: Any = field(default_factory=threading.Lock)

    def told(self, name: str, facts: dict[str, str]) -> str:
        if name in self.flips:
            self.flips[name] += 1
            return "yes" if self.flips[name] % 2 else "no"
        return facts.get(name, "")

    def channel(self, attempt: str, machine: str) -> Any:
        return FactChannel(self, attempt, machine)

    def reboot(self, attempt: str, machine: str) -> None:
        super().reboot(attempt, machine)
        facts = self.facts.get(attempt, {})
        for name in [n for n in facts if n.startswith("volatile")]:
            del facts[name]
