"""An exam on real machines: `rung` as a process, and a candidate who knows the labs' own scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.exams.machines import ExamMachines, lab_of
from rung.runner.exams.paper import ExamQuestion
from rung.runner.exams.session import ExamSession
from rung.runner.lab.model import Lab
from rung.runner.lab.scripts import header

RUNG = [sys.executable, "-c", "import sys; from rung.runner.cli import main; sys.exit(main())"]


@dataclass
class Candidate:
    """Who sits an exam; their home is this process's as well ($RUNG_HOME)."""

    home: Path
    driver: Drivers

    def rung(self, *words: str, ok: tuple[int, ...] = (0,)) -> str:
        """What `rung` prints on stdout; its exit code is one of `ok`."""
        env = {**os.environ, "RUNG_HOME": str(self.home), "COLUMNS": "200"}
        done = subprocess.run(
            [*RUNG, *words], env=env, capture_output=True, text=True, timeout=900, check=False, stdin=subprocess.DEVNULL
        )
        assert done.returncode in ok, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def status(self) -> Any:
        return json.loads(self.rung("exam", "status", "--json"))

    def report(self) -> Any:
        return json.loads(self.rung("exam", "report", "--format", "json", ok=(0, 1)))

    @property
    def session(self) -> ExamSession:
        return ExamSession.find()

    def machines(self) -> ExamMachines:
        return ExamMachines(self.session.id, Attempts(self.driver))

    def question(self, number: int) -> tuple[ExamQuestion, Attempt, Lab]:
        """A question, opened: its attempt as it is now, and its lab as the exam has it."""
        self.rung("exam", "shell", str(number))
        question = self.session.paper.question(number)
        return question, self.machines().found()[number], lab_of(self.session, question)

    def solve(self, number: int) -> None:
        """Do what the lab's own solution does."""
        _, attempt, lab = self.question(number)
        attempt.run_script((lab.folder / "solution.sh").read_text(), lab)

    def mistake(self, number: int) -> set[str]:
        """Make the first of the lab's plausible mistakes; the checks (`task.check`) that it must fail."""
        _, attempt, lab = self.question(number)
        script = min((lab.folder / "wrong").glob("*.sh"))
        head = header(script.read_text())
        if head.after == "solution":
            attempt.run_script((lab.folder / "solution.sh").read_text(), lab)
        attempt.run_script(script.read_text(), lab)
        return {f"{failure.task}.{failure.check}" for failure in head.fails}


def outcomes(question: Any) -> dict[str, str]:
    """`task.check` -> outcome, of a question in a report."""
    return {f"{task['id']}.{c['id']}": c["outcome"] for task in question["tasks"] for c in task["checks"]}
