"""The learner's record, in the journals of attempts: reports, passed labs, the lab to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rung.runner.core.journal import EventJournal
from rung.runner.core.paths import home
from rung.runner.lab.difficulties import DIFFICULTIES

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.grading.report import Report


def passed_labs() -> set[str]:
    """Names of the labs that were passed at least once (every check passed)."""
    return {lab for lab, passed in _graded() if passed}


def _graded() -> Iterator[tuple[str, bool]]:
    """(lab, whether it was passed) of every report in the journals."""
    folder = home() / "attempts"
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        lab = ""
        for event in EventJournal(path).events("starting", "report"):
            lab = str(event.get("lab", lab))
            if event["event"] == "report":
                # Up to 0.2 a report had no `passed`; its score was 1 only where every check passed.
                yield lab, bool(event.get("passed", float(event.get("score", 0)) >= 1))


def proposal(passed: set[str], among: Iterable[LabSummary] | None = None) -> LabSummary | None:
    """The lab to do next: the easiest that is not in `passed`, or the easiest of all once every lab is.

    Among equally easy labs those with fewer machines, then the shorter ones come first. `among`: labs to choose from,
    by default all; None where there are none.
    """
    from rung.runner.catalog.labs import summaries

    found = sorted(
        among if among is not None else summaries(),
        key=lambda e: (DIFFICULTIES.index(e.difficulty), e.machines, e.minutes, e.name),
    )
    return next((e for e in found if e.name not in passed), found[0] if found else None)


def record_report(attempt: Attempt, report: Report, *, whole: bool) -> None:
    """Record a report in the attempt's journal; only a report of the whole lab (`whole`) counts as a result.

    `score` is the share of the points, 0 to 1; a lab is passed when every check passes, whatever the points are.
    """
    attempt.journal.append(
        "report" if whole else "look",
        lab=report.lab,
        seed=report.seed,
        score=report.share,
        passed=report.passed,
        report=report.as_json(),
    )


def last_report(attempt: Attempt) -> dict[str, Any] | None:
    """The newest report of an attempt (whole lab or part), as `Report.as_json` made it; None where there is none."""
    found = attempt.journal.last("report", "look")
    return dict(found["report"]) if found else None
