"""Kind `process`: what runs now."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import unanswered
from rung.checks.linux.tools.texts import Regex, ticked

_PS = "ps -ww -e -o pid= -o ppid= -o user:64= -o ni= -o stat= -o args="
_OURS = "/usr/lib/rung/"  # where the grader's own programs lie, whose helpers outlive a command by a second
_MOST = 5  # processes that are told one by one


@dataclass(frozen=True)
class Running:
    """One process; `nice` is "-" under a real-time policy."""

    pid: str
    parent: str
    user: str
    nice: str
    command: str


@kind("process")
class Process(Expectation):
    """Processes, found by a regular expression on their whole command line."""

    identity: ClassVar[tuple[str, ...]] = ("started",)

    process: Regex = Field(description="A regular expression, searched in the command line with arguments.")
    running: bool = Field(True, description="false: no such process runs.")
    user: str | None = Field(None, description="The account that each of them runs as.")
    nice: int | None = Field(None, ge=-20, le=19, description="The niceness of each of them.")
    count: int | None = Field(None, ge=1, description="How many of them run.")

    def reasons(self, place: CheckContext) -> Iterator[str]:
        found = self._find(place.host)
        subject = f"process {ticked(self.process)}"
        if not self.running:
            if found:
                yield expected(subject, "none", _shown(found))
        elif not found:
            yield expected(subject, "it to run", "none")
        else:
            if self.count is not None and len(found) != self.count:
                yield expected(f"{subject}: how many", self.count, f"{len(found)}: {_shown(found)}")
            yield from self._differences(found)

    def _differences(self, found: list[Running]) -> Iterator[str]:
        for process in found[:_MOST]:
            subject = f"process {process.pid} ({ticked(process.command, 60)})"
            if self.user is not None and process.user != self.user:
                yield expected(f"{subject}: user", self.user, process.user)
            if self.nice is not None and process.nice != str(self.nice):
                yield expected(f"{subject}: nice", self.nice, process.nice)

    def _find(self, host: Machine) -> list[Running]:
        return [p for p in processes(host) if re.search(self.process, p.command)]

    def sentence(self) -> str:
        subject = f"a process that matches {ticked(self.process)}"
        if not self.running:
            return f"No{subject.removeprefix('a')} runs"
        words = [f"{self.count} of them"] if self.count is not None else []
        words += [f"as {self.user}"] if self.user is not None else []
        words += [f"at nice {self.nice}"] if self.nice is not None else []
        return f"A{subject.removeprefix('a')} runs" + "".join(f", {w}" for w in words)

    def names(self) -> Iterable[str]:
        return [self.user] if self.user is not None else []

    def facts(self, place: CheckContext) -> dict[str, str]:
        started = [_started(place.host, p.pid) for p in self._find(place.host)]
        return {"started": ", ".join(sorted(started)) or "none"}


def processes(host: Machine) -> list[Running]:
    """Everything that runs but the grader's own and what has ended (zombies). Raises Fail where ps does not answer."""
    result = host.run(f"echo $$; {_PS}")
    own, *lines = result.stdout.splitlines() or [""]
    rows = [line.split(None, 5) for line in lines]
    if not result.ok or not rows:
        raise Fail(unanswered("processes", "ps", result))
    listing = {r[0]: Running(r[0], r[1], r[2], r[3], r[5]) for r in rows if len(r) == 6 and r[4][0] != "Z"}
    ours = {own, *_above(own, listing)}
    others = (p for p in listing.values() if p.pid not in ours and p.parent != own)
    return [p for p in others if not p.command.startswith(_OURS)]


def _above(pid: str, listing: dict[str, Running]) -> Iterator[str]:
    """The processes that started ours, up to the channel's shell, whose parent is outside the machine."""
    while pid in listing and listing[pid].parent not in ("0", "1"):
        pid = listing[pid].parent
        yield pid


def _started(host: Machine, pid: str) -> str:
    """The process's number and the clock tick of its start (field 22 of proc(5)'s stat, after the name)."""
    text = host.text("cat /proc/%s/stat", pid) or ""
    fields = text.rpartition(")")[2].split()
    return f"{pid} at {fields[19]}" if len(fields) > 19 else f"{pid} gone"


def _shown(found: list[Running]) -> str:
    words = [f"{p.pid} ({ticked(p.command, 60)})" for p in found[:_MOST]]
    more = [f"{len(found) - _MOST} more"] if len(found) > _MOST else []
    return ", ".join([*words, *more])
