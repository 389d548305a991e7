"""The learner's shell: a login on a machine in which `check`, `tasks`, `hint` and `reset` work."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.runner.attempts.attempts import Attempts
from rung.runner.core.errors import EnvironmentBroken, RungError, UsageError
from rung.runner.render.hints import hints_page
from rung.runner.render.page import rendered
from rung.runner.render.report import exit_code, report_page, shell_command
from rung.runner.render.tasks import tasks_page
from rung.runner.services.check import GradeRequest, check_lab
from rung.runner.services.hints import next_hint
from rung.runner.services.tasks import tasks_of
from rung.runner.shell.proxy import Proxy, ShellWatch
from rung.runner.shell.request_parser import Request

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.lab.model import Lab
    from rung.runner.render.page import Page

_TRIES = 3  # logins in a row that may end before the learner types anything
_RESET = 120.0  # seconds that a reset by another Rung process may take
_BOOT_TIME_ERROR = 2.0  # seconds of error in a machine's boot time


class LabRequests:
    """Carries out a machine's requests (a `rung.runner.shell.proxy.RequestHandler`)."""

    def __init__(self, attempt: Attempt, lab: Lab) -> None:
        self._attempt, self._lab = attempt, lab
        self.came_back = ""  # why the machines went down for a request, as the end of a sentence

    def question(self, request: Request) -> str | None:
        """The question that the learner confirms before the request is carried out, or None."""
        if request.verb == "reset":
            names = " and ".join(machine.name for machine in self._attempt.machines)
            return f"Reset {names} to {'its' if len(self._attempt.machines) == 1 else 'their'} starting state?"
        if request.verb == "hint":
            return f"Show the next hint{f' for {request.argument}' if request.argument else ''}? It is recorded."
        return None

    def carry_out(self, request: Request, write: Callable[[str], None]) -> int:
        """Carry out a request, write its output, and return the exit code."""
        try:
            return self._action(request)(request.argument or None, write)
        except RungError as error:
            write(f"{error}\n" + (f"What to do: {error.fix}\n" if error.fix else ""))
            return error.exit_code
        except Exception as error:  # the shell stays open after any error
            write(f"`{request.verb}` failed ({type(error).__name__}: {error}). `rung {request.verb}` shows more.\n")
            return 3

    def _action(self, request: Request) -> Callable[[str | None, Callable[[str], None]], int]:
        actions = {"check": self._check, "tasks": self._tasks, "hint": self._hint, "reset": self._reset}
        return actions[request.verb]

    def _check(self, words: str | None, write: Callable[[str], None]) -> int:
        request, lab = _grade_request((words or "").split()), self._attempt.lab()
        report = check_lab(self._attempt, lab, request, lambda step, what: self._show_step(step, what, write))
        page = report_page(report, title=lab.title, typed=shell_command, live_only=request.skips_restart(lab))
        write(_text(page))
        return exit_code(report)

    def _show_step(self, step: str, what: str, write: Callable[[str], None]) -> None:
        if step == "restart":
            self.came_back = "was restarted for the check"
        if step == "remove":
            self.came_back = "is new, in its starting state"
        if step not in ("grade", "ready"):
            write(f"{step} {what} …\n")

    def _tasks(self, task: str | None, write: Callable[[str], None]) -> int:
        found = tasks_of(self._lab, task)
        write(_text(tasks_page(found.lab, found.points, found.only, in_shell=True)))
        return 0

    def _hint(self, task: str | None, write: Callable[[str], None]) -> int:
        hints = next_hint(self._attempt, self._lab, task)
        write(_text(hints_page(hints.task, hints.shown, hints.total, fresh=hints.fresh, docs=self._lab.docs)))
        return 0

    def _reset(self, _task: str | None, write: Callable[[str], None]) -> int:
        self._attempt.reset(lambda step, what: self._show_step(step, what, write))
        # The lab's files may have changed since; the new machines are graded by the present ones.
        self._attempt = Attempts(self._attempt.driver).current(self._attempt.id)
        self._lab = self._attempt.lab()
        if self._attempt.exam is None:
            from rung.runner.attempts.spare_cluster import renew_spare

            renew_spare(self._attempt.driver, self._lab)
        return 0


def _grade_request(words: Sequence[str]) -> GradeRequest:
    """The words after `check`: a task, `--live`, or both. Raises UsageError."""
    tasks = [word for word in words if word != "--live"]
    if len(tasks) > 1 or any(word.startswith("-") for word in tasks):
        raise UsageError(f"`check {' '.join(words)}` is not known here.", fix="Type `check [--live] [TASK]`.")
    return GradeRequest(tuple(tasks), live="--live" in words)


def _text(page: Page) -> str:
    return rendered(page, sys.stdout)


@dataclass(frozen=True)
class ShellOptions:
    """Options of a shell: request handler, environment of each login, clock."""

    handler: Callable[[Attempt, Lab], LabRequests] = LabRequests
    environment: Callable[[], Mapping[str, str]] = dict
    watch: ShellWatch | None = None
    reopen: str = "rung shell"  # the command that brings the learner back
    end: str = "rung stop"


def open_shell(attempt: Attempt, lab: Lab, machine: str | None, options: ShellOptions | None = None) -> int:
    """Log in on a machine until the learner leaves; starts machines that went down. Returns the exit code."""
    options = options or ShellOptions()
    name = attempt.machine(machine).name
    unused = 0
    while unused < _TRIES:
        login_time = time.time()
        handler = options.handler(attempt, lab)
        proxy = _login(attempt, name, handler, options)
        if proxy.stopped:
            return 0
        if not proxy.ended or not _is_back(attempt, name, handler, login_time, options):
            return 0
        unused = 0 if proxy.used else unused + 1
    _print(f"{name} shuts down right after each login. `rung reset` restores its starting state.")
    return 3


def _login(attempt: Attempt, name: str, handler: LabRequests, options: ShellOptions) -> Proxy:
    """One login, until it or the learner's terminal ends."""
    size = shutil.get_terminal_size()
    remote = attempt.terminal(name, size.lines, size.columns, options.environment())
    proxy = Proxy(remote, handler, sys.stdin.fileno(), sys.stdout.fileno(), options.watch)
    try:
        proxy.run()
    finally:
        remote.close()
    return proxy


def _is_back(attempt: Attempt, name: str, handler: LabRequests, login_time: float, options: ShellOptions) -> bool:
    """Whether the login ended because the machine went down and is up again; prints the machine's state."""
    state = _bring_up(attempt, name)
    if state is None:
        _print(f"Another process stopped {attempt.lab_name}.")
        return False
    revived, booted = state
    if revived or handler.came_back or booted > login_time + _BOOT_TIME_ERROR:
        _print(f"{name} {handler.came_back or 'went down and is up again'}: you are back on it.")
        return True
    _print(f"{name} keeps running; come back with `{options.reopen}`, finish with `{options.end}`.")
    return False


def _bring_up(attempt: Attempt, name: str) -> tuple[bool, float] | None:
    """Start machines that went down; returns whether `name` was one, and its boot time (seconds by its own clock).

    Returns None where the attempt no longer exists. While an attempt is being removed, errors are tried again.
    """
    for tries_left in range(_TRIES, -1, -1):
        if not _exists(attempt):
            return None
        try:
            revived = name in attempt.revive()
            return revived, attempt.hosts()[name].booted_at.timestamp()
        except (EnvironmentBroken, MachineGone, CommandTimeout):
            if not tries_left:
                raise
            time.sleep(1)
    return None


def _exists(attempt: Attempt) -> bool:
    """Whether the attempt still exists; waits while another Rung process resets it."""
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


def _print(text: str) -> None:
    print(text, file=sys.stderr)
