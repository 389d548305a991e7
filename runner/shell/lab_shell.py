"""The learner's shell: a login on a machine, with `check`, `tasks`, `hint` and `reset` at hand in it."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.runner.services.check import GradeRequest
from rung.runner.shell.proxy import Proxy, Request, ShellWatch

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.lab.model import Lab
    from rung.runner.render.page import Page

_TRIES = 3  # a login that ends by itself so often before anything is typed is not opened again
_RESET = 120.0  # seconds that another Rung may take for a reset
_CLOCKS = 2.0  # seconds by which the machine's idea of when it booted may be off


class LabRequests:
    """Carries out what the machine asks for (`rung.runner.shell.proxy.RequestHandler`)."""

    def __init__(self, attempt: Attempt, lab: Lab) -> None:
        self._attempt, self._lab = attempt, lab
        self.came_back = ""  # how machines that went down on an errand stand now

    def question(self, request: Request) -> str | None:
        if request.verb == "reset":
            names = " and ".join(m.name for m in self._attempt.machines)
            return f"Reset {names} to {'its' if len(self._attempt.machines) == 1 else 'their'} starting state?"
        if request.verb == "hint":
            return f"Show the next hint{f' for {request.argument}' if request.argument else ''}? It is recorded."
        return None

    def carry_out(self, request: Request, write: Callable[[str], None]) -> int:
        from rung.runner.core.errors import RungError

        try:
            return self._verb(request)(request.argument or None, write)
        except RungError as error:
            write(f"{error}\n" + (f"What to do: {error.fix}\n" if error.fix else ""))
            return error.exit_code
        except Exception as error:  # the shell stays open whatever happens to an errand
            write(f"This did not work ({type(error).__name__}: {error}). `rung {request.verb}` tells more.\n")
            return 3

    def _verb(self, request: Request) -> Callable[[str | None, Callable[[str], None]], int]:
        verbs = {"check": self._check, "tasks": self._tasks, "hint": self._hint, "reset": self._reset}
        return verbs[request.verb]

    def _check(self, words: str | None, write: Callable[[str], None]) -> int:
        from rung.runner.render.report import exit_code

        wish, lab = _wish((words or "").split()), self._attempt.lab()
        report = wish.grade(self._attempt, lab, lambda step, what: self._tell(step, what, write))
        write(_text(wish.page(report, lab)))
        return exit_code(report)

    def _tell(self, step: str, what: str, write: Callable[[str], None]) -> None:
        if step == "restart":
            self.came_back = "was restarted for the check"
        if step == "remove":
            self.came_back = "is new, in its starting state"
        if step not in ("grade", "ready"):
            write(f"{step} {what} …\n")

    def _tasks(self, task: str | None, write: Callable[[str], None]) -> int:
        from rung.runner.services.pages import tasks_of

        write(_text(tasks_of(self._lab, task, in_shell=True)))
        return 0

    def _hint(self, task: str | None, write: Callable[[str], None]) -> int:
        from rung.runner.services.pages import hint_of

        write(_text(hint_of(self._attempt, self._lab, task)))
        return 0

    def _reset(self, _task: str | None, write: Callable[[str], None]) -> int:
        from rung.runner.attempts.attempt import Attempts
        from rung.runner.attempts.spare_cluster import renew_spare

        self._attempt.reset(lambda step, what: self._tell(step, what, write))
        # The lab may have changed; its new machines are graded by what they were made by.
        self._attempt = Attempts(self._attempt.driver).current(self._attempt.id)
        self._lab = self._attempt.lab()
        if self._attempt.exam is None:
            renew_spare(self._attempt.driver, self._lab)
        return 0


def _wish(words: Sequence[str]) -> GradeRequest:
    """What `check` was typed with: a task, `--live`, or both. Raises UsageError."""
    from rung.runner.core.errors import UsageError

    tasks = [word for word in words if word != "--live"]
    if len(tasks) > 1 or any(word.startswith("-") for word in tasks):
        raise UsageError(f"`check {' '.join(words)}` is not known here.", fix="Type `check [--live] [TASK]`.")
    return GradeRequest(tuple(tasks), live="--live" in words, in_shell=True)


def _text(page: Page) -> str:
    from rung.runner.render.page import rendered

    return rendered(page, sys.stdout)


@dataclass(frozen=True)
class ShellOptions:
    """How a shell is opened that is more than a lab's own: what carries its errands out, the variables that it
    gets (made anew for each login), and what watches a clock beside it."""

    errands: Callable[[Attempt, Lab], LabRequests] = LabRequests
    environment: Callable[[], Mapping[str, str]] = dict
    watch: ShellWatch | None = None
    back: str = "rung shell"  # what brings the learner back
    end: str = "rung stop"


def open_shell(attempt: Attempt, lab: Lab, machine: str | None, manner: ShellOptions | None = None) -> int:
    """Log in on a machine until the learner leaves; machines that went down are started again. Exit code."""
    manner = manner or ShellOptions()
    name = attempt.machine(machine).name
    unused = 0
    while unused < _TRIES:
        began = time.time()
        errands = manner.errands(attempt, lab)
        proxy = _login(attempt, name, errands, manner)
        if proxy.stopped:
            return 0
        if not proxy.ended or not _comes_back(attempt, name, errands, began, manner):
            return 0
        unused = 0 if proxy.used else unused + 1
    _say(f"{name} goes down again and again. `rung reset` puts it back to its starting state.")
    return 3


def _login(attempt: Attempt, name: str, errands: LabRequests, manner: ShellOptions) -> Proxy:
    """One login, to its end or to that of the learner's own terminal."""
    size = shutil.get_terminal_size()
    remote = attempt.terminal(name, size.lines, size.columns, manner.environment())
    proxy = Proxy(remote, errands, sys.stdin.fileno(), sys.stdout.fileno(), manner.watch)
    try:
        proxy.run()
    finally:
        remote.close()
    return proxy


def _comes_back(attempt: Attempt, name: str, errands: LabRequests, began: float, manner: ShellOptions) -> bool:
    """Whether the login ended because the machine went down (it is up again now), and say how it stands."""
    stands = _brought_up(attempt, name)
    if stands is None:
        _say(f"{attempt.lab_name} was ended from elsewhere.")
        return False
    revived, booted = stands
    if revived or errands.came_back or booted > began + _CLOCKS:
        _say(f"{name} {errands.came_back or 'went down and is up again'}: you are back on it.")
        return True
    _say(f"{name} keeps running; come back with `{manner.back}`, finish with `{manner.end}`.")
    return False


def _brought_up(attempt: Attempt, name: str) -> tuple[bool, float] | None:
    """Start machines that went down: whether `name` was one of them, and when it booted (by its own clock).

    None where the attempt is gone. An attempt that is just being removed looks broken for a moment.
    """
    from rung.checks.core.machine import CommandTimeout, MachineGone
    from rung.runner.core.errors import EnvironmentBroken

    for tries_left in range(_TRIES, -1, -1):
        if not _still_there(attempt):
            return None
        try:
            revived = name in attempt.revive()
            return revived, attempt.hosts()[name].booted_at.timestamp()
        except (EnvironmentBroken, MachineGone, CommandTimeout):
            if not tries_left:
                raise
            time.sleep(1)
    return None


def _still_there(attempt: Attempt) -> bool:
    """Whether the attempt exists; a reset by another Rung is waited for."""
    from rung.runner.attempts.attempt import Attempts

    until = time.monotonic() + _RESET
    while time.monotonic() < until:
        found = next((a for a in Attempts(attempt.driver).all() if a.id == attempt.id), None)
        last = attempt.journal.last("starting", "ready", "failed", "stopped") or {}
        if found is not None and found.state != "starting":
            return True
        if found is None and last.get("event") != "starting":
            return False
        time.sleep(0.2)
    return False


def _say(text: str) -> None:
    print(text, file=sys.stderr)
