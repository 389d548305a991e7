"""Whole exams on real machines and clusters: some questions right, some wrong, one broken, one never opened."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from exam_room import until
from real_exam import Candidate, outcomes
from rung.runner.core.locks import is_locked
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.exams import paths
from screens import Screen

pytestmark = pytest.mark.machines

TWO = """\
title: Two Linux labs
track: rhcsa10
minutes: 30
pass_mark: 60
labs: [{lab: links, weight: 3}, {lab: two-streams}]
"""


@pytest.fixture(scope="module")
def every() -> Iterator[DriverRegistry]:
    """Machines and clusters, by one client that is closed at the end."""
    found = DriverRegistry.connect()
    yield found
    found.driver("container").engine.close()  # type: ignore[attr-defined]


@pytest.fixture
def candidate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: DriverRegistry) -> Iterator[Candidate]:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    made = Candidate(tmp_path / "home", every)
    yield made
    made.rung("exam", "stop", "--yes", ok=(0, 2))
    for question in made.session.paper.questions:
        every.destroy(question.attempt)  # closes what this process opened to its machines


def test_an_exam_of_two_labs_outlives_its_processes_and_its_machines_restarts(
    candidate: Candidate, tmp_path: Path
) -> None:
    (tmp_path / "two.yaml").write_text(TWO)
    candidate.rung("exam", "start", str(tmp_path / "two.yaml"), "--seed", "3", "--no-shell")
    exam = candidate.session.id
    candidate.solve(1)
    until(lambda: candidate.session.numbers("prepared") == [1, 2], "the supervisor makes the second question's machine")

    # Everything that serves the exam is killed, and the engine stopped every machine.
    log = paths.log(exam).read_text()
    os.kill(int(log.split("supervisor ")[1].split()[0]), signal.SIGKILL)
    until(lambda: not is_locked(paths.lock(exam, "keeper")), "its lock ends with it")
    with contextlib.closing(docker.from_env()) as engine:
        for attempt in candidate.machines().found().values():
            engine.api.kill(f"rung-{attempt.id}-node1")
    candidate.rung("exam", "start", "--no-shell")
    assert [q["machines"] for q in candidate.status()["questions"]] == ["stopped", "stopped"]
    candidate.rung("exam", "shell", "2")

    # The last seconds: the supervisor, which is another one now, pauses the machines.
    _leave(candidate, 4)
    until(lambda: candidate.session.paused_at_deadline, "the machines stand still at the end")
    assert {a.state for a in candidate.machines().found().values()} <= {"paused", "stopped"}
    candidate.rung("exam", "submit", "--yes")
    report = candidate.report()
    one, two = report["questions"]
    assert (report["late_minutes"], report["in_time"], report["passed"]) == (0, True, True)
    assert (one["score"], one["points"], two["score"], two["points"]) == (75, 75, 0, 25)
    assert set(outcomes(one).values()) == {"passed"}


def test_an_hour_at_an_exam_in_the_shell(candidate: Candidate, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO)
    screen = Screen("exam", "start", str(tmp_path / "two.yaml"), "--seed", "3")
    screen.sees("Start the clock? [Y/n]")
    assert candidate.session.phase == "drawn"
    screen.types("\n")
    assert "Work on node1: rung exam shell 1." in screen.sees("[1: 29 min] root@node1:~# ")

    screen.types("check; echo status $?\n")
    assert "`check` is sealed: this is question 1 of two, which is not submitted yet." in screen.sees("status 2\r\n")
    screen.types("hint; echo status $?\n")
    assert "`hint` is sealed" in screen.sees("status 2\r\n")
    screen.sees("root@node1:~# ")
    screen.types("tasks\n")
    assert "Question 1 of 2  75 points" in screen.sees("[1: 29 min] root@node1:~# ")
    assert candidate.status()["questions"][0]["opened"]

    _leave(candidate, 302)
    screen.sees("5 minutes left.")
    _leave(candidate, 3)
    screen.sees("Time is up: the machines are paused as they are. `rung exam submit` grades them.")
    assert screen.ended() == 0
    until(lambda: candidate.session.paused_at_deadline, "the supervisor pauses the machines")
    assert candidate.session.seconds_on(1) > 1


SHARED = """\
title: Two labs on one cluster
track: cka
minutes: 30
pass_mark: 60
labs: [{lab: look-not-touch}, {lab: last-words}]
"""


def test_a_cluster_that_stood_still_is_graded_as_it_was(candidate: Candidate, tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_text(SHARED)
    candidate.rung("exam", "start", str(tmp_path / "shared.yaml"), "--seed", "3", "--no-shell")
    assert {question.share for question in candidate.session.paper.questions} == {"c1"}
    candidate.solve(1)
    candidate.solve(2)
    one, two = candidate.machines().found().values()
    addresses = {m.address for attempt in (one, two) for m in attempt.machines if m.name == "controlplane"}
    assert len(addresses) == 1
    _leave(candidate, 4)
    until(lambda: candidate.session.paused_at_deadline, "the machines stand still at the end")
    time.sleep(60)  # longer than a control plane waits for a node's next report before it takes it for lost
    candidate.rung("exam", "submit", "--yes")
    report = candidate.report()
    assert [set(outcomes(question).values()) for question in report["questions"]] == [{"passed"}] * 2
    assert {a.state for a in candidate.machines().found().values()} == {"paused"}  # for the review


def _leave(candidate: Candidate, seconds: float) -> None:
    """Let only so much time be left: the exam's clock began so much earlier."""
    left = candidate.session.left
    assert left is not None
    candidate.session.append("granted", seconds=seconds - left, since=[], why=[])


@pytest.mark.parametrize("name", ["rhcsa-short", "cka-short"])
def test_a_short_exam_is_graded_as_it_was_worked_on(candidate: Candidate, name: str) -> None:
    candidate.rung("exam", "start", name, "--seed", "1", "--candidate", "Script", "--no-shell")
    drawn = candidate.session.paper
    assert len(drawn.questions) == 5
    candidate.solve(1)
    named = candidate.mistake(2)
    candidate.question(3)
    _, gone, _ = candidate.question(4)
    candidate.rung("exam", "flag", "3")
    candidate.rung("exam", "note", "3", "no time")
    # As somebody does who tidies up; it is no doing of the candidate's.
    with contextlib.closing(docker.from_env()) as engine:
        main = next(m.name for m in gone.machines if m.shell)
        engine.api.remove_container(f"rung-{gone.id}-{main}", v=True, force=True)
        for machine in gone.machines:
            if drawn.question(4).where == "linux" and machine.name != main:
                engine.api.remove_container(f"rung-{gone.id}-{machine.name}", v=True, force=True)

    candidate.rung("exam", "submit", "--yes", ok=(3,))
    candidate.rung("exam", "submit", "--give-up", ok=(0, 1))
    report = candidate.report()
    one, two, three, four, five = report["questions"]
    assert [question["error"] for question in (one, two, three, five)] == [None] * 4
    broken = [check for q in (one, two, three, five) for t in q["tasks"] for check in t["checks"] if check["error"]]
    assert broken == []
    facts = {
        "name": name, "seed": 1, "candidate": "Script", "mode": "exam", "minutes": drawn.minutes,
        "digest": drawn.digest, "content": drawn.content, "track": drawn.track, "in_time": True, "late_minutes": 0,
        "taken_out": four["weight"], "points": drawn.points - four["weight"],
    }  # fmt: skip
    assert {key: report[key] for key in facts} == facts
    assert [q["lab"] for q in report["questions"]] == [q.lab for q in drawn.questions]
    assert [q["opened"] for q in report["questions"]] == [True, True, True, True, False]

    assert set(outcomes(one).values()) == {"passed"}, one
    assert one["score"] == one["points"] == one["weight"]
    assert named <= {check for check, outcome in outcomes(two).items() if outcome in ("failed", "blocked")}
    assert two["score"] < two["points"]
    for question in (three, five):
        changes = [c for task in question["tasks"] for c in task["checks"] if not c["holds"]]
        assert {c["outcome"] for c in changes} <= {"failed", "blocked"}, question
        assert question["score"] == 0
    assert (three["flagged"], three["note"]) == (True, "no time")
    assert (four["tasks"], four["points"]) == ([], 0)
    assert four["error"] == "its machines are gone, and Rung did not remove them"
    assert report["score"] == pytest.approx(one["score"] + two["score"], abs=0.02)
    assert sum(domain["points"] for domain in report["domains"]) == pytest.approx(report["points"], abs=0.05)
    if name == "rhcsa-short":  # all of it has to last
        assert [bool(q["restarted"]) for q in (one, two, three)] == [True] * 3

    # Nothing is left of it, and what it was done by ends with it.
    candidate.rung("exam", "stop")
    assert candidate.machines().found() == {}
    until(lambda: not is_locked(paths.lock(candidate.session.id, "keeper")), "the supervisor ends")
