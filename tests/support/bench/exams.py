"""How long a submitted exam of 17 questions takes to grade."""

from __future__ import annotations

import json
import time
from pathlib import Path

from bench.measure import Row, Series, run, timed

QUESTIONS = 17
_READY_SECONDS = 300.0


def rows(rung: str, home: Path, lab: str, setup: str, runs: int = 3) -> list[Row]:
    """The row of the table. `lab` and `setup`: a lab.yaml and setup.sh with ten checks that all pass."""
    pack = home / "exam-pack"
    for number in range(QUESTIONS):
        folder = pack / f"question-{number:02}"
        folder.mkdir(parents=True)
        (folder / "lab.yaml").write_text(lab)
        (folder / "setup.sh").write_text(setup)
        (folder / "solution.sh").write_text("true\n")
    exam = pack / "seventeen.yaml"
    listed = "".join(f"  - lab: question-{number:02}\n" for number in range(QUESTIONS))
    exam.write_text(f"title: Seventeen\ntrack: rhcsa10\nminutes: 120\npass_mark: 66\nlabs:\n{listed}")
    run(rung, "trust", "--yes", str(pack))
    series = Series("submit")
    try:
        for _ in range(runs):
            _worked_on(rung, exam)
            series.seconds.append(timed(lambda: run(rung, "exam", "submit", "--yes")))
            run(rung, "exam", "stop")
    finally:
        run(rung, "exam", "stop", "--yes", ok=(0, 2))
    what = f"`rung exam submit`, {QUESTIONS} questions of 10 checks, no restarts"
    return [Row(what, "6 s", str(series), series.median, 6)]


def _worked_on(rung: str, exam: Path) -> None:
    """An exam that is started, all its machines made and each question opened."""
    run(rung, "exam", "start", str(exam), "--no-shell")
    until = time.monotonic() + _READY_SECONDS
    while any(question["machines"] != "ready" for question in _questions(rung)):
        if time.monotonic() > until:
            raise SystemExit("The exam's machines are not ready in time.")
        time.sleep(0.5)
    for number in range(1, QUESTIONS + 1):
        run(rung, "exam", "shell", str(number))


def _questions(rung: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(rung, "exam", "status", "--json"))["questions"]
    return found
