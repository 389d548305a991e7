"""Where a learner stands, with ten thousand recorded checks."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import Row, in_turns, run, timed
from rung.runner.catalog.labs import summaries

CHECKS = 10_000
PER_ATTEMPT = 4
# Where the time goes, by cProfile of `rung progress`.
_COST = "half of it loads Python modules, a fifth computes readiness, an eighth reads the attempts"


def write_journals(home: Path) -> int:
    """Journals of a busy year: attempts of four checks each on labs drawn at random; how many checks."""
    rng = random.Random(1)
    labs = summaries()
    folder = home / "attempts"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(CHECKS // PER_ATTEMPT):
        lab = rng.choice(labs)
        at = datetime.now(UTC) - timedelta(days=rng.uniform(1, 365))
        head = {"event": "starting", "lab": lab.name, "seed": rng.randint(1, 999_999), "digest": "0" * 64}
        events: list[dict[str, object]] = [head | {"skills": list(lab.skills)}, {"event": "ready", "facts": {}}]
        events += [_report(lab.name, passed=n == PER_ATTEMPT - 1 and rng.random() < 0.8) for n in range(PER_ATTEMPT)]
        lines = [
            {"at": (at + timedelta(minutes=n)).isoformat(timespec="milliseconds"), **event}
            for n, event in enumerate([*events, {"event": "stopped"}])
        ]
        (folder / f"{number:08x}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return CHECKS


def _report(lab: str, *, passed: bool) -> dict[str, object]:
    """A report of three tasks with three checks each, of the usual length."""
    outcome = "passed" if passed else "failed"
    reasons = [] if passed else ["/srv/plans: mode: expected 2770, found 755"]
    checks = [
        {"id": f"c{n}", "title": "The directory belongs to the group", "machine": "node1", "outcome": outcome,
         "points": 1, "holds": False, "when": None, "reasons": reasons, "hint": None, "error": None}
        for n in range(3)
    ]  # fmt: skip
    tasks = [{"id": f"t{n}", "score": 3 if passed else 0, "points": 3, "checks": checks} for n in range(3)]
    report = {"lab": lab, "attempt": "0", "seed": 1, "score": 9 if passed else 0, "points": 9, "tasks": tasks}
    return {"event": "report", "lab": lab, "seed": 1, "score": 1.0 if passed else 0.0, "report": report}


def rows(rung: str, home: Path, runs: int) -> list[Row]:
    """The first time, which reads every journal, and then the usual one."""
    checks = write_journals(home)
    first = timed(lambda: run(rung, "progress"))
    series = in_turns(runs, progress=lambda: run(rung, "progress"), next=lambda: run(rung, "next"))
    usual = [
        Row(f"`rung {name}`, {checks:,} recorded checks", "0.5 s", str(found), found.median, 0.5, cost=_COST)
        for name, found in series.items()
    ]
    return [*usual, Row(f"the record made anew of {checks:,} checks (one run)", "10 s", f"{first:.1f} s", first, 10)]
