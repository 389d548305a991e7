"""The page of `rung status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rung.runner.render.page import Page, Piece, count, duration

if TYPE_CHECKING:
    from rung.runner.attempts.attempt import Attempt
    from rung.runner.drivers.base.plan import SpareCluster

_STYLES = {"ready": "passed", "paused": "warning", "stopped": "warning", "starting": "dim", "incomplete": "failed"}


def status_data(attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """The attempts for `--json`."""
    return [
        {
            "attempt": a.id,
            "lab": a.lab_name,
            "path": str(a.path),
            "seed": a.seed,
            "state": a.state,
            "exam": a.exam,
            "created": a.created.isoformat(),
            "machines": [{"name": m.name, "state": m.state, "address": m.address} for m in a.machines],
            "context": a.found.own.context if a.found.own else None,
            "server": a.found.own.server if a.found.own else None,
        }
        for a in attempts
    ]


def status_page(attempts: Sequence[Attempt], now: datetime | None = None) -> Page:
    """One row for each attempt, then the commands to continue with each."""
    page = Page()
    if not attempts:
        return page.line("No lab is running. ", ("rung start", "command"), " starts one.")
    now = now or datetime.now(UTC)
    exams = Counter(a.exam for a in attempts if a.exam is not None)
    for exam, questions in exams.items():
        page.line(f"Exam {exam} has the machines of {count(questions, 'question')}: ", ("rung exam status", "command"),
                  " shows its state.")  # fmt: skip
    own = [a for a in attempts if a.exam is None]
    if not own:
        return page
    page.table(("ATTEMPT", "LAB", "STATE", "SINCE", "MACHINES"), [_row(a, now) for a in own]).line()
    alone = is_unambiguous(own)
    for line in dict.fromkeys(_advice(a, alone=alone) for a in own):
        page.line(*line)
    return page


def add_spare_clusters(page: Page, clusters: Sequence[SpareCluster]) -> Page:
    """Add a line for each cluster that belongs to no attempt."""
    for cluster in clusters:
        nodes = ", ".join(n.name for n in cluster.nodes) or "no node yet"
        unready = "being created" if cluster.making else "left over and unused"
        state = "ready for the next lab" if cluster.ready else unready
        page.line(f"Cluster {cluster.name} ({nodes}) is {state}: ", ("rung stop --all", "command"), " removes it.")
    return page


def is_unambiguous(attempts: Sequence[Attempt]) -> bool:
    """Whether commands need no `--attempt`, because at most one attempt outside exams has started."""
    return sum(a.exam is None and a.state not in ("starting", "incomplete") for a in attempts) <= 1


def _row(attempt: Attempt, now: datetime) -> tuple[Piece, ...]:
    machines = [m.name if m.state == "running" else f"{m.name} ({m.state})" for m in attempt.machines]
    return (
        attempt.id,
        attempt.lab_name,
        (attempt.state, _STYLES.get(attempt.state, "")),
        duration(max(0.0, (now - attempt.created).total_seconds())),
        (", ".join(machines) or "none") + _where(attempt),
    )


def _where(attempt: Attempt) -> str:
    """The user's own cluster that the attempt runs on, if any."""
    own = attempt.found.own
    return "" if own is None else f", on your cluster {own.context} ({own.server})"


def _advice(attempt: Attempt, *, alone: bool) -> tuple[Piece, ...]:
    which = "" if alone else f" --attempt {attempt.id}"
    if attempt.state == "ready":
        return (f"{attempt.lab_name}: ", (f"rung shell{which}", "command"), ", ",
                (f"rung check{which}", "command"), ", or ",
                (f"rung stop{which}", "command"))  # fmt: skip
    if attempt.state == "paused":
        return (f"{attempt.lab_name} is paused: ", (f"rung resume{which}", "command"), " resumes it.")
    if attempt.state == "stopped":
        return (f"{attempt.lab_name} was shut down from inside: ", (f"rung shell{which}", "command"),
                " starts it again.")  # fmt: skip
    if attempt.state == "starting":
        return (f"{attempt.lab_name} is being started by another Rung process.",)
    return (f"{attempt.lab_name} was never ready: its start was interrupted. ",
            (f"rung stop --attempt {attempt.id}", "command"), " removes what is left.")  # fmt: skip
