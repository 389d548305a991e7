"""Labs whose scripts are real shell, and machines that understand a little of it: for tests of mutation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fake_labs import LAB, FactChannel, FactDriver, write_lab
from rung.checks.core.channel import CommandTimeout, MachineGone, Result
from rung.runner.catalog import trust

SOLUTION = "touch a\ntouch b\n"
SCRIPTS: dict[str, str | None] = {
    "setup": "touch kept\n",
    "solution": SOLUTION,
    "also_backwards": None,
    "wrong_half": "# fails: two.b\ntouch a c\n",
    "wrong_damage": "# fails: two.kept\n# after: solution\nrm kept\n",
}


def mutation_lab(folder: Path, lab: str = LAB, **scripts: str | None) -> Path:
    """A trusted lab: `touch a b` makes facts say yes, `rm a` takes them away. Scripts as for `write_lab`."""
    given = {**SCRIPTS, **scripts}
    write_lab(folder, lab, **given)
    trust.trust(folder, edits=True)
    return folder


class ShellChannel(FactChannel):
    """Understands touch, rm, false, hang (runs into the time limit) and halt (the shell is gone)."""

    driver: ShellDriver

    def run(self, command: str, *, timeout: float = 10, stdin: bytes = b"", again: bool = True) -> Result:
        if stdin:
            self.driver.scripts.append(stdin.decode())
            if b"halt" in stdin:
                raise MachineGone(f"{self.machine} no longer answers", self.machine)
            if b"hang" in stdin:
                raise CommandTimeout("the script", timeout)
        return super().run(command, timeout=timeout, stdin=stdin, again=again)

    @staticmethod
    def _script(text: str, facts: dict[str, str]) -> Result:
        for line in text.splitlines():
            match line.split():
                case ["touch", *names]:
                    facts.update(dict.fromkeys(names, "yes"))
                case ["rm", *names]:
                    for name in names:
                        facts.pop(name, None)
                case ["false"]:
                    return Result(1, b"it went wrong\n", b"")
        return Result(0, b"", b"")


@dataclass
class ShellDriver(FactDriver):
    """A fake engine of such machines. `scripts`: what ran, in order."""

    def __post_init__(self) -> None:
        self.scripts: list[str] = []

    def channel(self, attempt: str, machine: str) -> Any:
        return ShellChannel(self, attempt, machine)

    def destroy(self, attempt: str) -> None:
        super().destroy(attempt)
        self.facts.pop(attempt, None)
