"""rung check."""

from __future__ import annotations

import select
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.runner.cli.common import attempt_option, examples, print_json, quietly, task_ids
from rung.runner.render.page import notice, show
from rung.runner.render.phases import Phases
from rung.runner.render.report import changes, exit_code, host_command, report_page
from rung.runner.services.check import GradeRequest, check_lab
from rung.runner.services.current import require_unsealed, running
from rung.runner.services.output import write_output

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.grading.report import Report
    from rung.runner.lab.model import Lab

INTERVAL = 5.0  # seconds between two gradings of --watch


@click.command(
    epilog=examples(
        "rung check                    grade all tasks",
        "rung check account            grade one task",
        "rung check --watch            grade again and again until all passes",
        "rung check --live             leave out the restart that some labs have",
        "rung check --json | jq .score",
        "rung check --junit report.xml",
    )
)
@click.argument("task", required=False, shell_complete=quietly(task_ids))
@click.option("--watch", is_flag=True, help="Grade again every few seconds, or on Enter, until all passes.")
@click.option("--live", is_flag=True, help="Do not restart machines, even if the lab is graded after a restart.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON (with --watch one line each time).")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write JUnit XML too.")
@attempt_option
def check(task: str | None, watch: bool, live: bool, as_json: bool, junit: Path | None, attempt: str | None) -> int:
    """Grade the running lab.

    Shows for each check that failed what was expected and what was found. Grading changes nothing on the
    machines. If the work on a lab has to survive a restart, its machines are restarted before the score is
    taken (--live leaves that out).
    The exit code is 0 if all passed, 1 if something failed, 3 if a check could not be evaluated.
    """
    chosen = running(attempt, _require_unsealed, prewarm=True, tell=notice)
    chosen.preload()

    request = GradeRequest((task,) if task else (), live=live or watch)
    run = Run(chosen, chosen.lab(), request, f" --attempt {attempt}" if attempt else "", as_json, junit)
    return exit_code(run.watch() if watch else run.once())


def _require_unsealed(attempt: Attempt) -> None:
    require_unsealed(attempt, "rung check")


@dataclass(frozen=True)
class Run:
    """One `rung check`."""

    attempt: Attempt
    lab: Lab
    request: GradeRequest
    named: str  # ` --attempt ID` if the learner typed it, else empty
    as_json: bool
    junit: Path | None

    def once(self) -> Report:
        """Grade once and print the report."""
        report = self._graded()
        self._print(report)
        return report

    def watch(self) -> Report:
        """Grade until all passes; print the report first, then only what changes."""
        report = self._graded()
        self._print(report, line=True)
        notice((f"Watching, every {INTERVAL:g} s or on Enter. Ctrl-C ends it.", "dim"))
        while not report.passed:
            _pause(INTERVAL)
            before, report = report, check_lab(self.attempt, self.lab, self.request)
            if self.as_json or self.junit:
                self._print(report, line=True, page=False)
            if not self.as_json:
                show(changes(before, report))
        if not self.as_json:
            self._show(report)
        return report

    def _graded(self) -> Report:
        if not self.request.restarts(self.lab):
            return check_lab(self.attempt, self.lab, self.request)
        with Phases() as phases:
            return check_lab(self.attempt, self.lab, self.request, phases)

    def _print(self, report: Report, *, line: bool = False, page: bool = True) -> None:
        """Write JUnit and print JSON (on one `line`) if the options ask for them; print the page if JSON is not."""
        if self.junit is not None:
            from rung.runner.render.junit import junit

            write_output(self.junit, junit(report))
        if self.as_json:
            print_json(report.as_json(), indent=None if line else 2)
        elif page:
            self._show(report)

    def _show(self, report: Report) -> None:
        typed = partial(host_command, attempt=self.named)
        live_only = self.request.skips_restart(self.lab)
        show(report_page(report, title=self.lab.title, typed=typed, live_only=live_only))


def _pause(seconds: float) -> None:
    """Wait, at a terminal only until a line is typed."""
    if not sys.stdin.isatty():
        time.sleep(seconds)
    elif select.select([sys.stdin], [], [], seconds)[0]:
        sys.stdin.readline()
