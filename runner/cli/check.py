"""rung check."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rung.runner.cli.common import attempt_option, examples, quietly, running, task_ids

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.grading.report import Report
    from rung.runner.lab.model import Lab
    from rung.runner.services.check import GradeRequest

INTERVAL = 5.0  # seconds between two gradings of --watch


@click.command(
    epilog=examples(
        "rung check                    all tasks; the score",
        "rung check account            one task",
        "rung check --watch            again and again until all of it holds",
        "rung check --live             without the restart that some labs end with",
        "rung check --json | jq .score",
        "rung check --junit report.xml",
    )
)
@click.argument("task", required=False, shell_complete=quietly(task_ids))
@click.option("--watch", is_flag=True, help="Grade again every few seconds, or on Enter, until all passes.")
@click.option("--live", is_flag=True, help="Do not restart machines, even where the lab is graded after a restart.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON (with --watch one line each time).")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write JUnit XML too.")
@attempt_option
def check(task: str | None, watch: bool, live: bool, as_json: bool, junit: Path | None, attempt: str | None) -> int:
    """Grade the running lab.

    Says for each check what was expected and what was found. Grading changes nothing on the machines;
    labs whose work has to last are restarted before the score is taken (--live leaves that out).
    The exit code is 0 when all passed, 1 when something failed, 3 when Rung could not ask.
    """
    chosen = running(attempt, _unsealed, ahead=True)
    chosen.preload()

    from rung.runner.render.report import exit_code
    from rung.runner.services.check import GradeRequest

    wish = GradeRequest((task,) if task else (), live=live or watch, named=f" --attempt {attempt}" if attempt else "")
    run = Run(chosen, chosen.lab(), wish, as_json, junit)
    return exit_code(run.watch() if watch else run.once())


def _unsealed(attempt: Attempt) -> None:
    from rung.runner.exams.access import require_unsealed

    require_unsealed(attempt, "rung check")


@dataclass(frozen=True)
class Run:
    """One `rung check`."""

    attempt: Attempt
    lab: Lab
    wish: GradeRequest
    as_json: bool
    junit: Path | None

    def once(self) -> Report:
        """Grade once and print the report."""
        report = self._graded()
        self._printed(report)
        return report

    def watch(self) -> Report:
        """Grade until all passes; the report first, then only what changes."""
        from rung.runner.render.page import notice, show
        from rung.runner.render.report import changes

        report = self._graded()
        self._printed(report, line=True)
        notice((f"Watching, every {INTERVAL:g} s or on Enter. Ctrl-C ends it.", "dim"))
        while not report.passed:
            _pause(INTERVAL)
            before, report = report, self.wish.grade(self.attempt, self.lab)
            if self.as_json or self.junit:
                self._printed(report, line=True, page=False)
            if not self.as_json:
                show(changes(before, report))
        if not self.as_json:
            show(self.wish.page(report, self.lab))
        return report

    def _graded(self) -> Report:
        if not self.wish.will_restart(self.lab):
            return self.wish.grade(self.attempt, self.lab)
        from rung.runner.render.phases import Phases

        with Phases() as phases:
            return self.wish.grade(self.attempt, self.lab, phases)

    def _printed(self, report: Report, *, line: bool = False, page: bool = True) -> None:
        """JUnit and JSON (on one `line`) where they are asked for; else the `page`."""
        if self.junit is not None:
            _write_junit(self.junit, report)
        if self.as_json:
            import json

            click.echo(json.dumps(report.as_json(), indent=None if line else 2, ensure_ascii=False))
        elif page:
            from rung.runner.render.page import show

            show(self.wish.page(report, self.lab))


def _write_junit(path: Path, report: Report) -> None:
    from rung.runner.core.errors import UsageError
    from rung.runner.render.junit import junit

    try:
        path.write_text(junit(report), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", fix="Name another file.") from error


def _pause(seconds: float) -> None:
    """Wait, or until a line is typed where somebody can type one."""
    import select
    import time

    if not sys.stdin.isatty():
        time.sleep(seconds)
    elif select.select([sys.stdin], [], [], seconds)[0]:
        sys.stdin.readline()
