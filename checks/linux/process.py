"""Kind `process`: running processes."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.process_list import RunningProcess, list_processes
from rung.checks.linux.tools.texts import Regex, backticked

_MOST = 5  # processes listed in a reason


@kind("process")
class Process(Expectation):
    """Processes, found by a regular expression on their whole command line."""

    identity: ClassVar[tuple[str, ...]] = ("started",)

    process: Regex = Field(description="A regular expression, searched in the command line with arguments.")
    running: bool = Field(True, description="false: no such process runs.")
    user: str | None = Field(None, description="The account that each of them runs as.")
    nice: int | None = Field(None, ge=-20, le=19, description="The niceness of each of them.")
    count: int | None = Field(None, ge=1, description="How many of them run.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """List the processes with ps."""
        found = self._find(context.host)
        subject = f"process {backticked(self.process)}"
        if not self.running:
            if found:
                yield expected(subject, "none", _shown(found))
        elif not found:
            yield expected(subject, "it to run", "none")
        else:
            if self.count is not None and len(found) != self.count:
                yield expected(f"{subject}: how many", self.count, f"{len(found)}: {_shown(found)}")
            yield from self._differences(found)

    def _differences(self, found: list[RunningProcess]) -> Iterator[str]:
        for process in found[:_MOST]:
            subject = f"process {process.pid} ({backticked(process.command, 60)})"
            if self.user is not None and process.user != self.user:
                yield expected(f"{subject}: user", self.user, process.user)
            if self.nice is not None and process.nice != str(self.nice):
                yield expected(f"{subject}: nice", self.nice, process.nice)

    def _find(self, host: Machine) -> list[RunningProcess]:
        return [p for p in list_processes(host) if re.search(self.process, p.command)]

    def sentence(self) -> str:
        subject = f"a process that matches {backticked(self.process)}"
        if not self.running:
            return f"No{subject.removeprefix('a')} runs"
        words = [f"{self.count} of them"] if self.count is not None else []
        words += [f"as {self.user}"] if self.user is not None else []
        words += [f"at nice {self.nice}"] if self.nice is not None else []
        return f"A{subject.removeprefix('a')} runs" + "".join(f", {w}" for w in words)

    def names(self) -> Iterable[str]:
        return [self.user] if self.user is not None else []

    def facts(self, context: CheckContext) -> dict[str, str]:
        """The pid and the start of each process found; `none` without one."""
        started = [_started(context.host, p.pid) for p in self._find(context.host)]
        return {"started": ", ".join(sorted(started)) or "none"}


def _started(host: Machine, pid: str) -> str:
    """`PID at TICK`: the clock tick of the start is field 22 of /proc/PID/stat, see proc(5)."""
    text = host.text("cat /proc/%s/stat", pid) or ""
    fields = text.rpartition(")")[2].split()
    return f"{pid} at {fields[19]}" if len(fields) > 19 else f"{pid} gone"


def _shown(found: list[RunningProcess]) -> str:
    words = [f"{p.pid} ({backticked(p.command, 60)})" for p in found[:_MOST]]
    more = [f"{len(found) - _MOST} more"] if len(found) > _MOST else []
    return ", ".join([*words, *more])
