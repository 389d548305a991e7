"""How checks become outcomes and points; machines are fake, so that they can fail on command."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from rung.checks.cluster import Cluster
from rung.checks.core.channel import Result
from rung.checks.core.outcome import Broken, Outcome
from rung.checks.core.registry import CheckContext, Expectation
from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts
from rung.runner.catalog import trust
from rung.runner.core.errors import EngineGone, EngineRefused, EnvironmentBroken, UsageError
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.grading import evaluate, grade
from rung.runner.grading import session as rounds
from rung.runner.grading.report import Report
from rung.runner.grading.session import GradingSession, QuietPeriod
from rung.runner.lab.model import Environment, Lab, MachineSpec, Task


class Fact(Expectation):
    """A fact of a fake machine: `get NAME` prints it."""

    fact: str
    value: str = "yes"
    kind = "fact"
    identity = ("fact",)

    def reasons(self, context: CheckContext) -> Iterator[str]:
        result = context.host.run(f"get {self.fact}")
        if not result.ok:
            raise Broken("the tool `get` is missing")
        if result.stdout != self.value:
            yield f"{self.fact}: expected {self.value}, found {result.stdout or 'nothing'}"

    def sentence(self) -> str:
        return f"{self.fact} is {self.value}"

    def facts(self, context: CheckContext) -> dict[str, str]:
        return {"fact": context.host.run(f"get {self.fact}").stdout}


class World(FakeDriver):
    """A fake engine whose machines know facts by name."""

    def __init__(self, **facts: str) -> None:
        super().__init__(answer=self._tell)
        self.facts = facts

    def _tell(self, _machine: str, command: str) -> Result:
        word, _, name = command.partition(" ")
        if word != "get":
            return Result(0, b"running", b"")
        if self.facts.get(name) == "(no tool)":
            return Result(127, b"", b"")
        return Result(0, self.facts.get(name, "").encode(), b"")


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "require", lambda _folder: None)


def lab(tmp_path: Path, *tasks: Task, reboot: bool = False, machines: int = 1) -> Lab:
    specs = [MachineSpec(name=f"node{i + 1}") for i in range(machines)]
    return Lab(
        title="A lab",
        objectives=[],
        difficulty="easy",
        minutes=5,
        environment=Environment(machines=specs),
        reboot=reboot,
        tasks=list(tasks),
        name="a-lab",
        folder=tmp_path,
        seed=7,
        digest="0123456789abcdef",
    )


def task(*expect: Expectation, id: str = "one", needs: tuple[str, ...] = ()) -> Task:  # noqa: A002
    return Task(id=id, text="Do it.", needs=list(needs), expect=list(expect))


def begin(world: World, what: Lab) -> Attempt:
    return Attempts(world).start(what)


def outcomes(report: Report) -> dict[str, Outcome]:
    return {key: check.outcome for key, check in report.checks().items()}


def test_a_check_that_holds_earns_its_points(tmp_path: Path) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a", points=3), Fact(id="other", fact="b", points=2)))
    report = grade.grade(what, begin(world, what))
    assert (report.score, report.points, report.passed) == (3, 5, False)
    assert outcomes(report) == {"one.fact": Outcome.PASSED, "one.other": Outcome.FAILED}
    assert report.checks()["one.other"].reasons == ["b: expected yes, found nothing"]


def test_a_failing_check_of_a_task_that_needs_an_unsolved_one_is_blocked(tmp_path: Path) -> None:
    first, second = task(Fact(fact="a")), task(Fact(fact="b"), Fact(id="c", fact="c"), id="two", needs=("one",))
    world, what = World(c="yes"), lab(tmp_path, first, second)
    report = grade.grade(what, begin(world, what))
    assert outcomes(report) == {"one.fact": Outcome.FAILED, "two.fact": Outcome.BLOCKED, "two.c": Outcome.PASSED}
    assert report.score == 1


def test_a_failing_guard_takes_its_points_from_its_task_but_never_below_zero(tmp_path: Path) -> None:
    guarded = task(Fact(fact="a", points=2), Fact(id="guard", fact="b", points=5, holds=True))
    world, what = World(a="yes"), lab(tmp_path, guarded, task(Fact(fact="a", points=1), id="two"))
    report = grade.grade(what, begin(world, what))
    assert [t.score for t in report.tasks] == [0, 1]
    assert report.points == 3


def test_what_could_not_be_asked_is_broken_and_not_scored(tmp_path: Path) -> None:
    world, what = World(a="(no tool)", b="yes"), lab(tmp_path, task(Fact(fact="a"), Fact(id="b", fact="b")))
    report = grade.grade(what, begin(world, what))
    check = report.checks()["one.fact"]
    assert (check.outcome, check.error, check.reasons) == (Outcome.BROKEN, "the tool `get` is missing", [])
    assert (report.score, report.points, report.passed) == (1, 1, False)


def test_an_engine_that_stops_is_broken_and_never_the_learners(tmp_path: Path) -> None:
    world, what = World(), lab(tmp_path, task(Fact(fact="a")))
    attempt = begin(world, what)

    def die(_machine: str, _command: str) -> Result:
        world.dead = True
        world.alive()
        raise AssertionError

    world.answer = die
    session = GradingSession(what, attempt, patient=True)
    (verdict,) = session.round(grade.bound_checks(what, {})).values()
    assert (verdict.outcome, verdict.error) == (Outcome.BROKEN, "The engine does not answer.")


def test_a_machine_that_is_gone_is_restarted_once_and_asked_again(tmp_path: Path) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a")))
    attempt = begin(world, what)
    world.gone.add("node1")
    session = GradingSession(what, attempt, patient=True)
    (verdict,) = session.round(grade.bound_checks(what, {})).values()
    assert (verdict.outcome, world.done[-1]) == (Outcome.PASSED, "reboot node1")


def test_a_machine_that_does_not_come_back_is_the_learners_failure(tmp_path: Path) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a"), Fact(id="b", fact="a")))
    attempt = begin(world, what)
    world.gone.add("node1")
    world.comes_back = False
    session = GradingSession(what, attempt, patient=True)
    verdicts = list(session.round(grade.bound_checks(what, {})).values())
    assert [v.outcome for v in verdicts] == [Outcome.FAILED, Outcome.FAILED]
    assert verdicts[0].reasons == ["node1 no longer answers, not even after a restart"]
    assert world.done.count("reboot node1") == 1


def refusing(world: World, error: Exception) -> None:
    """Let the engine answer every restart with an error."""

    def refuse(_attempt: str, machine: str) -> None:
        world.done.append(f"reboot {machine}")
        raise error

    world.reboot = refuse  # type: ignore[method-assign]


@pytest.mark.parametrize("error", [EngineRefused("no space left on device"), EngineGone("The engine does not answer.")])
def test_a_restart_that_the_engine_cannot_make_is_broken_in_its_words(tmp_path: Path, error: Exception) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a"), Fact(id="b", fact="a")))
    attempt = begin(world, what)
    world.gone.add("node1")
    refusing(world, error)
    verdicts = list(GradingSession(what, attempt, patient=True).round(grade.bound_checks(what, {})).values())
    assert [(v.outcome, v.error, v.reasons) for v in verdicts] == [(Outcome.BROKEN, str(error), [])] * 2
    assert world.done.count("reboot node1") == 1


@pytest.mark.parametrize(
    "error",
    [EngineRefused("OCI runtime create failed", by_machine=True), EnvironmentBroken("node1 did not boot: silent")],
)
def test_a_machine_that_was_made_unable_to_start_is_the_learners_failure(tmp_path: Path, error: Exception) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a")), reboot=True)
    attempt = begin(world, what)
    refusing(world, error)
    restart = world.reboot

    def dies(attempt_id: str, machine: str) -> None:
        world.gone.add("node1")
        restart(attempt_id, machine)

    world.reboot = dies  # type: ignore[method-assign]
    check = grade.grade(what, attempt).checks()["one.fact"]
    assert (check.live, check.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert check.reasons == ["node1 no longer answers, not even after a restart"]


def test_the_machine_that_does_not_answer_is_named_and_not_the_one_that_was_asked(tmp_path: Path) -> None:
    class Both(Fact):
        def reasons(self, context: CheckContext) -> Iterator[str]:
            context.hosts["node2"].run("true")
            return super().reasons(context)

    world, what = World(a="yes"), lab(tmp_path, task(Both(fact="a")), machines=2)
    attempt = begin(world, what)
    world.gone.add("node2")
    world.comes_back = False
    (verdict,) = GradingSession(what, attempt, patient=True).round(grade.bound_checks(what, {})).values()
    assert verdict.reasons == ["node2 no longer answers, not even after a restart"]
    assert [done for done in world.done if done.startswith("reboot")] == ["reboot node2"]


def test_a_check_that_takes_too_long_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "DEADLINE", 0.2)
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a"), Fact(id="b", fact="a", control=Fact(fact="a"))))
    attempt = begin(world, what)
    answer, enough = world.answer, threading.Event()

    def slow(machine: str, command: str) -> Result:
        enough.wait(10)
        return answer(machine, command)

    world.answer = slow
    checks = grade.grade(what, attempt).checks()
    enough.set()
    assert {(c.outcome, *c.reasons) for c in checks.values()} == {(Outcome.FAILED, "did not end within 0.2 s")}
    assert {c.error for c in checks.values()} == {None}


def test_a_control_is_asked_until_it_holds_or_its_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "DEADLINE", 1.0)
    probe = Fact(fact="closed", control=Fact(fact="open", within=3))
    world, what = World(closed="yes", open="no"), lab(tmp_path, task(probe))
    attempt = begin(world, what)
    first, began = world.answer, time.monotonic()

    def late(machine: str, command: str) -> Result:
        world.facts["open"] = "yes" if time.monotonic() - began > 1.2 else "no"
        return first(machine, command)

    world.answer = late
    assert grade.grade(what, attempt).passed
    world.answer, world.facts["open"] = first, "no"
    began = time.monotonic()
    assert grade.grade(what, attempt).checks()["one.fact"].reasons == [
        "this cannot be judged, because its control fails: open: expected yes, found no"
    ]
    assert 3 <= time.monotonic() - began < 6


def test_a_probe_from_before_its_control_held_is_asked_again(tmp_path: Path) -> None:
    probe = Fact(fact="closed", control=Fact(fact="open", within=3))
    world, what = World(closed="yes", open="no"), lab(tmp_path, task(probe))
    attempt = begin(world, what)
    first = world.answer

    def beginning(machine: str, command: str) -> Result:
        answer = first(machine, command)
        if command == "get closed":  # refused, for nobody listens yet: the server begins only now, and answers all
            world.facts.update(open="yes", closed="no")
        return answer

    world.answer = beginning
    assert grade.grade(what, attempt).checks()["one.fact"].reasons == ["closed: expected yes, found no"]


def test_a_control_that_cannot_be_asked_has_not_held(tmp_path: Path) -> None:
    probe = Fact(fact="closed", control=Fact(fact="open"))
    world, what = World(closed="no", open="(no tool)"), lab(tmp_path, task(probe))
    attempt = begin(world, what)
    assert grade.grade(what, attempt).checks()["one.fact"].reasons == ["closed: expected yes, found no"]
    world.facts["closed"] = "yes"
    assert grade.grade(what, attempt).checks()["one.fact"].error == "the tool `get` is missing"


def test_waiting_checks_share_one_clock(tmp_path: Path) -> None:
    checks = [Fact(id=f"c{i}", fact="never", within=0.6) for i in range(5)]
    world, what = World(), lab(tmp_path, task(*checks))
    attempt = begin(world, what)
    began = time.monotonic()
    report = grade.grade(what, attempt)
    assert 0.6 <= time.monotonic() - began < 2.0
    assert set(outcomes(report).values()) == {Outcome.FAILED}


def test_a_waiting_check_passes_as_soon_as_it_holds(tmp_path: Path) -> None:
    world, what = World(), lab(tmp_path, task(Fact(fact="late", within=30)))
    attempt = begin(world, what)
    first, began = world.answer, time.monotonic()

    def late(machine: str, command: str) -> Result:
        world.facts["late"] = "yes" if time.monotonic() - began > 0.3 else "no"
        return first(machine, command)

    world.answer = late
    assert grade.grade(what, attempt).passed
    assert time.monotonic() - began < 5


def test_an_impatient_grading_does_not_wait_for_what_will_never_come(tmp_path: Path) -> None:
    world, what = World(), lab(tmp_path, task(Fact(fact="never", within=30)))
    attempt = begin(world, what)
    first = world.answer
    world.answer = lambda m, c: Result(0, b"\n", b"") if c.startswith("systemctl list") else first(m, c)
    began = time.monotonic()
    assert not grade.grade(what, attempt, patient=False).passed
    assert time.monotonic() - began < 5


def test_identity_tells_repair_from_making_anew(tmp_path: Path) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a", same=["fact"], value="yes")))
    attempt = begin(world, what)
    assert grade.grade(what, attempt).passed
    facts = {"one.fact": {"fact": "other"}}
    (question,) = grade.bound_checks(what, facts)
    (verdict,) = GradingSession(what, attempt, patient=True).round([question]).values()
    assert verdict.reasons == ["fact of a is yes: expected still other, found yes"]


def test_a_negative_probe_counts_only_with_its_positive_control(tmp_path: Path) -> None:
    probe = Fact(fact="closed", control=Fact(fact="open"))
    world, what = World(closed="yes", open="no"), lab(tmp_path, task(probe))
    attempt = begin(world, what)
    report = grade.grade(what, attempt)
    assert report.checks()["one.fact"].reasons == [
        "this cannot be judged, because its control fails: open: expected yes, found no"
    ]
    world.facts["open"] = "yes"
    assert grade.grade(what, attempt).passed


def test_the_score_is_the_one_after_the_restart_and_both_are_told(tmp_path: Path) -> None:
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a")), reboot=True)
    attempt = begin(world, what)
    restart = world.reboot

    def forgetful(attempt_id: str, machine: str) -> None:
        restart(attempt_id, machine)
        world.facts["a"] = "no"

    world.reboot = forgetful  # type: ignore[method-assign]
    report = grade.grade(what, attempt)
    check = report.checks()["one.fact"]
    assert (check.live, check.outcome, report.score) == (Outcome.PASSED, Outcome.FAILED, 0)
    assert report.restarted == ["node1"]


def test_a_live_grading_restarts_nothing_and_leaves_out_what_is_asked_after_it(tmp_path: Path) -> None:
    checks = task(Fact(fact="a"), Fact(id="after", fact="a", when="rebooted"))
    world, what = World(a="yes"), lab(tmp_path, checks, reboot=True)
    attempt = begin(world, what)
    assert list(grade.grade(what, attempt, live_only=True).checks()) == ["one.fact"]
    assert "reboot node1" not in world.done
    assert list(grade.grade(what, attempt).checks()) == ["one.fact", "one.after"]


def test_one_task_can_be_graded_alone_and_is_still_blocked_rightly(tmp_path: Path) -> None:
    tasks = (task(Fact(fact="a")), task(Fact(fact="b"), id="two", needs=("one",)), task(Fact(fact="c"), id="three"))
    world, what = World(), lab(tmp_path, *tasks)
    report = grade.grade(what, begin(world, what), tasks=["two"])
    assert outcomes(report) == {"two.fact": Outcome.BLOCKED}


def test_an_unknown_task_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    world, what = World(), lab(tmp_path, task(Fact(fact="a")))
    with pytest.raises(UsageError) as error:
        grade.grade(what, begin(world, what), tasks=["tow"])
    assert (str(error.value), error.value.fix) == ("a-lab has no task `tow`.", "Its tasks: one.")


def test_a_python_check_is_graded_beside_the_data(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(
        "from rung.checks import check, Fail, Host\n"
        "@check(task='one', points=4)\n"
        "def is_blue(host: Host) -> None:\n"
        "    '''The door is blue'''\n"
        "    colour = host.text('get colour')\n"
        "    if colour != 'blue':\n"
        "        raise Fail(f'door: expected blue, found {colour}', hint='Paint it.')\n"
    )
    world, what = World(a="yes", colour="red"), lab(tmp_path, task(Fact(fact="a")))
    check = grade.grade(what, begin(world, what)).checks()["one.is_blue"]
    assert (check.title, check.points, check.outcome) == ("The door is blue", 4, Outcome.FAILED)
    assert (check.reasons, check.hint) == (["door: expected blue, found red"], "Paint it.")


def test_a_mistake_in_a_python_check_is_broken(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(
        "from rung.checks import check\n@check(task='one')\ndef oops() -> None:\n    '''It works'''\n    {}['key']\n"
    )
    world, what = World(), lab(tmp_path, task())
    check = grade.grade(what, begin(world, what)).checks()["one.oops"]
    assert (check.outcome, check.error) == (Outcome.BROKEN, "KeyError: 'key'")


def test_a_fact_of_testinfra_that_gets_no_answer_fails_a_python_check(tmp_path: Path) -> None:
    """Broken would not be scored: removing a tool must gain nothing."""
    (tmp_path / "checks.py").write_text(
        "from rung.checks import check, Host\n@check(task='one')\n"
        "def shell(host: Host) -> None:\n    '''The shell is bash'''\n    host.user('ann').shell\n"
    )
    world, what = World(), lab(tmp_path, task())
    world.answer = lambda machine, command: Result(127, b"", b"")  # noqa: ARG005
    check = grade.grade(what, begin(world, what)).checks()["one.shell"]
    assert check.outcome is Outcome.FAILED
    assert check.reasons == ["`getent passwd ann`: expected an answer, found no such command"]


def test_a_state_that_testinfra_does_not_know_fails_a_python_check(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(
        "from rung.checks import check, Host\n@check(task='one')\n"
        "def door(host: Host) -> None:\n    '''The door starts at boot'''\n"
        "    assert host.service('door.service').is_enabled\n"
    )
    world, what = World(), lab(tmp_path, task())
    world.answer = lambda machine, command: Result(int("is-enabled" in command), b"masked\n", b"")  # noqa: ARG005
    check = grade.grade(what, begin(world, what)).checks()["one.door"]
    assert check.outcome is Outcome.FAILED
    assert check.reasons == [
        "testinfra cannot tell: Unable to determine state of door.service. Does this service exist?"
    ]


def test_a_python_check_that_never_ends_is_broken_and_asks_nothing_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluate, "DEADLINE", 0.3)
    (tmp_path / "checks.py").write_text(
        "from rung.checks import check, Host\n@check(task='one', id='loop')\n"
        "def loop(host: Host) -> None:\n    '''It ends'''\n    while True:\n        host.run('get a')\n"
    )
    world, what = World(a="yes"), lab(tmp_path, task(Fact(fact="a", id="data")))
    checks = grade.grade(what, begin(world, what)).checks()
    assert (checks["one.data"].outcome, checks["one.loop"].outcome) == (Outcome.PASSED, Outcome.BROKEN)
    assert checks["one.loop"].error == "the function in checks.py did not end within 0.3 s"
    time.sleep(0.1)
    asked = len(world.asked)
    time.sleep(0.2)
    assert len(world.asked) == asked


def test_the_json_is_the_published_form(tmp_path: Path) -> None:
    world, what = World(), lab(tmp_path, task(Fact(fact="a", points=2, hint="Look again.")))
    attempt = begin(world, what)
    assert grade.grade(what, attempt).as_json() == {
        "lab": "a-lab",
        "attempt": attempt.id,
        "seed": 7,
        "score": 0,
        "points": 2,
        "tasks": [
            {
                "id": "one",
                "score": 0,
                "points": 2,
                "checks": [
                    {
                        "id": "fact",
                        "title": "a is yes",
                        "machine": "node1",
                        "outcome": "failed",
                        "points": 2,
                        "holds": False,
                        "when": None,
                        "reasons": ["a: expected yes, found nothing"],
                        "hint": "Look again.",
                        "error": None,
                    }
                ],
            }
        ],
    }


class Api:
    """A cluster's API that answers to `answers`, one word after the other (the last one stays)."""

    def __init__(self, *answers: bool) -> None:
        self.left = list(answers)

    def answers(self) -> bool:
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


def asked_of(
    api: Api,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *verdicts: evaluate.CheckResult,
    had: bool = True,
    scope: str = "cluster",
) -> tuple[evaluate.CheckResult, list[str]]:
    """What becomes of a question whose answers are `verdicts`, and what was done for it."""
    world = World(up="yes")
    plain = lab(tmp_path, Task(id="t", text="T", expect=[Fact(fact="up")]))
    made = Attempts(world).start(plain)
    made.journal.append("ready", facts={}, api=had)
    answers = list(verdicts)
    monkeypatch.setattr(rounds, "evaluate", lambda *_: answers.pop(0))
    session = GradingSession(plain, made, True, cast(Cluster, api))
    session.lab = cast(Lab, SimpleNamespace(values={}, cluster=SimpleNamespace(scope=scope)))
    (question,) = grade.bound_checks(plain, {})
    return session._evaluate(question), world.done


LOST = evaluate.CheckResult(Outcome.FAILED, ["the API does not answer"], lost=True)
FINE = evaluate.CheckResult(Outcome.PASSED)


def test_an_api_that_was_only_slow_is_asked_again_and_nothing_restarted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked_of(Api(True), tmp_path, monkeypatch, LOST, FINE) == (FINE, [])


@pytest.mark.parametrize(("scope", "outcome"), [("namespace", Outcome.BROKEN), ("cluster", Outcome.FAILED)])
def test_an_api_that_is_ready_and_twice_gives_no_answer_is_broken_where_the_lab_leaves_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: str, outcome: Outcome
) -> None:
    lost = replace(LOST, own=True)
    verdict, done = asked_of(Api(True), tmp_path, monkeypatch, lost, lost, scope=scope)
    assert (verdict.outcome, done) == (outcome, [])
    assert verdict.error == ("the API does not answer" if outcome is Outcome.BROKEN else None)


def test_what_a_node_answers_through_the_api_is_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_of(Api(True), tmp_path, monkeypatch, LOST, LOST, scope="namespace") == (LOST, [])


def test_a_control_plane_whose_api_is_down_is_restarted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(False, False, True)
    assert asked_of(api, tmp_path, monkeypatch, LOST, FINE) == (FINE, ["reboot controlplane"])


def test_an_api_that_stays_down_fails_and_says_what_was_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "_API_SECONDS", 0.1)
    verdict, done = asked_of(Api(False), tmp_path, monkeypatch, LOST, LOST)
    assert (verdict.outcome, verdict.reasons) == (Outcome.FAILED, ["the API does not answer"])
    assert done == ["reboot controlplane"]


def test_an_api_that_was_down_from_the_start_restarts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked_of(Api(False), tmp_path, monkeypatch, LOST, had=False) == (LOST, [])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of day, in seconds; a test sets it."""
    now = [100.0]
    monkeypatch.setattr(rounds.time, "monotonic", lambda: now[0])
    return now


def test_the_time_of_a_check_is_over_after_its_seconds(clock: list[float]) -> None:
    quiet = QuietPeriod()
    clock[0] += 9.9
    assert not quiet.over(10)
    clock[0] += 0.1
    assert quiet.over(10)


def test_while_a_cluster_moves_the_time_of_a_check_begins_again(clock: list[float]) -> None:
    states = [True, False]
    quiet = QuietPeriod(lambda: states.pop(0))
    clock[0] += 11
    assert not quiet.over(10)
    clock[0] += 9
    assert not quiet.over(10)
    clock[0] += 2
    assert quiet.over(10)
    assert states == []


def test_a_cluster_that_never_comes_to_rest_is_not_waited_for_for_ever(clock: list[float]) -> None:
    quiet = QuietPeriod(lambda: True)
    for _ in range(7):
        clock[0] += 10
        assert not quiet.over(10)
    clock[0] += 1
    assert quiet.over(10)


def test_a_cluster_is_looked_at_once_a_second(clock: list[float]) -> None:
    looked: list[float] = []
    quiet = QuietPeriod(lambda: bool(looked.append(clock[0])))
    clock[0] += 5
    assert [quiet.over(within) for within in (10, 5, 4)] == [False, True, True]
    assert looked == [105.0]
