"""An attempt from start to stop: what fails or is killed half-way leaves nothing, and status tells the truth."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rung.checks.core.outcome import Outcome
from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts
from rung.runner.attempts.setup import ScriptFailed
from rung.runner.catalog import trust
from rung.runner.core.errors import EngineGone, EnvironmentBroken, UsageError
from rung.runner.core.journal import EventJournal
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.grading import grade
from rung.runner.lab import loader

LAB = """\
title: A greeting
objectives: [rhcsa10-1.07]
difficulty: easy
minutes: 5
environment: {machines: [{name: node1}, {name: node2}]}
values: {word: [hello, hallo]}
tasks:
  - id: greet
    text: Write `{{ word }}` into `/root/greeting`.
    expect:
      - file: /root/greeting
        lines: ["{{ word }}"]
  - id: keep
    text: Leave `/srv/seed` as it is.
    expect:
      - file: /srv/seed
        exists: true
        holds: true
        same: [inode]
"""
BARE = LAB.replace("        same: [inode]\n", "")


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "require", lambda _folder: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small lab of two machines, with a setup script, a file and a solution."""
    lab = tmp_path / "greeting"
    (lab / "files").mkdir(parents=True)
    (lab / "files" / "seed").write_text("a seed\n")
    (lab / "lab.yaml").write_text(LAB)
    (lab / "setup.sh").write_text('cp "$RUNG_FILES/seed" /srv/seed\n#@ node2\necho "$word" >/srv/word\n')
    (lab / "solution.sh").write_text('echo "$word" >/root/greeting\n')
    return lab


class Interrupt:
    """A Progress that presses Ctrl-C when a step begins."""

    def __init__(self, at: str) -> None:
        self.at, self.seen = at, list[str]()

    def __call__(self, step: str, _what: str) -> None:
        self.seen.append(step)
        if step == self.at:
            raise KeyboardInterrupt


def everything(driver: ContainerDriver, folder: Path) -> set[str]:
    """Names of all that carries this lab's label on the engine (other tests run beside this one)."""
    wanted = f"rung.path={folder}"
    containers = driver.engine.containers(wanted)
    networks = driver.engine.networks(wanted)
    volumes = driver.engine.sdk.api.volumes(filters={"label": wanted})["Volumes"] or []
    return {c["Names"][0] for c in containers} | {n["Name"] for n in [*networks, *volumes]}


@pytest.fixture
def nothing_left(driver: ContainerDriver, folder: Path) -> Iterator[None]:
    yield
    assert everything(driver, folder) == set()


STEPS = ["image", "network", "create", "boot", "wait", "setup", "verify", "ready"]


@pytest.mark.machines
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.usefixtures("nothing_left")
def test_an_interrupt_at_any_step_of_the_start_leaves_nothing(step: str, folder: Path, driver: ContainerDriver) -> None:
    interrupt = Interrupt(step)
    with pytest.raises(KeyboardInterrupt):
        Attempts(DriverRegistry.of(driver)).start(loader.load(folder, 1), progress=interrupt)
    assert interrupt.seen[-1] == step
    assert [s for s in STEPS if s in interrupt.seen] == STEPS[: STEPS.index(step) + 1]


@pytest.fixture(scope="module")
def started(driver: ContainerDriver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attempt]:
    folder = tmp_path_factory.mktemp("labs") / "greeting"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "seed").write_text("a seed\n")
    (folder / "lab.yaml").write_text(LAB)
    (folder / "setup.sh").write_text('cp "$RUNG_FILES/seed" /srv/seed\n#@ node2\necho "$word" >/srv/word\n')
    (folder / "solution.sh").write_text('echo "$word" >/root/greeting\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trust, "require", lambda _folder: None)
        attempt = Attempts(DriverRegistry.of(driver)).start(loader.load(folder, 7))
    try:
        yield attempt
    finally:
        attempt.stop()


@pytest.mark.machines
def test_a_start_ends_ready_with_the_starting_state_applied(started: Attempt) -> None:
    hosts = started.hosts()
    word = started.lab().values["word"]
    assert (started.state, started.seed, started.lab_name) == ("ready", 7, "greeting")
    assert hosts["node1"].text("cat /srv/seed") == "a seed"
    assert hosts["node2"].text("cat /srv/word") == word
    assert hosts["node1"].text("ls /var/lib/rung/files") is None


@pytest.mark.machines
def test_the_solution_passes_and_a_reset_brings_the_start_back(started: Attempt) -> None:
    lab = started.lab()
    assert grade.grade(lab, started).checks()["greet.file"].outcome is Outcome.FAILED
    started.run_script((lab.folder / "solution.sh").read_text(), lab)
    assert grade.grade(lab, started).passed
    began = time.monotonic()
    started.reset()
    assert time.monotonic() - began < 20
    report = grade.grade(lab, started)
    assert report.checks()["greet.file"].outcome is Outcome.FAILED
    assert report.checks()["keep.file"].outcome is Outcome.PASSED


@pytest.mark.machines
def test_the_same_state_gives_the_same_report_twice(started: Attempt) -> None:
    lab = started.lab()
    assert grade.grade(lab, started) == grade.grade(lab, started)


@pytest.mark.machines
def test_a_file_made_anew_is_not_the_one_that_was_there(started: Attempt) -> None:
    lab = started.lab()
    started.run_script("cp /srv/seed /srv/copy; mv /srv/copy /srv/seed", lab)
    check = grade.grade(lab, started).checks()["keep.file"]
    assert check.outcome is Outcome.FAILED
    assert check.reasons[0].startswith("inode of /srv/seed")
    started.reset()


@pytest.mark.machines
def test_a_script_that_fails_tells_its_last_words(started: Attempt) -> None:
    with pytest.raises(ScriptFailed) as failed:
        started.run_script("echo so far; ls /nowhere", started.lab())
    assert str(failed.value) == (
        "the script failed on node1 with exit status 2:\n"
        "so far\nls: cannot access '/nowhere': No such file or directory"
    )


@pytest.mark.machines
def test_a_script_may_restart_its_machine_and_go_on(started: Attempt) -> None:
    started.run_script("touch /run/volatile\nsystemctl reboot\n#@ node1\n[ ! -e /run/volatile ]\n", started.lab())


@pytest.mark.machines
def test_a_script_runs_as_the_user_that_it_names(started: Attempt) -> None:
    script = 'useradd -m ada\n#@ node1 as ada\necho "$(id -un) $PWD $word" >/tmp/who\n'
    started.run_script(script, started.lab())
    word = started.lab().values["word"]
    assert started.hosts()["node1"].text("cat /tmp/who") == f"ada /home/ada {word}"


@pytest.mark.machines
def test_a_machine_that_was_switched_off_is_graded_after_it_was_started_again(started: Attempt) -> None:
    started.hosts()["node1"].run("systemctl poweroff")
    report = grade.grade(started.lab(), started)
    assert report.checks()["keep.file"].outcome is Outcome.PASSED
    assert started.journal.last("revived") is not None


@pytest.mark.machines
def test_pausing_frees_nothing_but_the_processor_and_status_tells_it(started: Attempt) -> None:
    started.pause()
    attempts = Attempts(started.driver)
    assert attempts.current(started.id).state == "paused"
    started.resume()
    assert attempts.current(started.id).state == "ready"


@pytest.mark.machines
@pytest.mark.usefixtures("nothing_left")
def test_a_failing_setup_is_an_error_with_its_output_and_leaves_nothing(folder: Path, driver: ContainerDriver) -> None:
    (folder / "setup.sh").write_text("echo about to fail >&2\nfalse\n")
    with pytest.raises(ScriptFailed) as failed:
        Attempts(DriverRegistry.of(driver)).start(loader.load(folder, 1))
    assert str(failed.value) == "setup.sh failed on node1 with exit status 1:\nabout to fail"


@pytest.mark.machines
@pytest.mark.usefixtures("nothing_left")
def test_a_start_that_does_not_hold_is_an_error(
    folder: Path, driver: ContainerDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rung.runner.attempts.setup._START_SECONDS", 0.2)
    text = LAB.replace("tasks:", "start:\n  - {file: /srv/other}\ntasks:", 1)
    (folder / "lab.yaml").write_text(text)
    with pytest.raises(EnvironmentBroken) as broken:
        Attempts(DriverRegistry.of(driver)).start(loader.load(folder, 1))
    assert str(broken.value).startswith("greeting is not in its starting state (")


RUNG = "import sys; from rung.runner.cli import main; sys.exit(main())"
KILLED = """
import os, sys
from rung.runner.render.phases import Phases
tell, at = Phases.__call__, sys.argv.pop(1)
def told(self, step, what):
    if step == at:
        os.kill(os.getpid(), 9)
    tell(self, step, what)
Phases.__call__ = told
"""


def rung(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`rung WORDS` as a process of its own."""
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


@pytest.mark.machines
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.usefixtures("nothing_left")
def test_a_start_that_is_killed_at_any_step_is_told_as_incomplete_and_removed(
    step: str, folder: Path, driver: ContainerDriver
) -> None:
    trust.trust(folder)
    done = rung(KILLED + RUNG, step, "start", "--no-shell", str(folder))
    assert done.returncode == -signal.SIGKILL, done.stderr
    told = [a for a in json.loads(rung(RUNG, "status", "--json").stdout) if a["path"] == str(folder)]
    made = STEPS.index(step) > STEPS.index("network")  # before that, there is nothing on the engine yet
    assert [a["state"] for a in told] == (["incomplete"] if made else [])
    for attempt in told:
        done = rung(RUNG, "stop", "--attempt", attempt["attempt"])
        assert (done.returncode, done.stdout) == (0, f"removed greeting (attempt {attempt['attempt']})\n")
    assert everything(driver, folder) == set()


# -- without an engine ---------------------------------------------------------------------------


def begin(folder: Path, driver: FakeDriver) -> Attempt:
    return Attempts(driver).start(loader.load(folder, 1))


@pytest.fixture
def bare(folder: Path) -> Path:
    """The lab with nothing that a fake machine could not do."""
    (folder / "setup.sh").unlink()
    (folder / "lab.yaml").write_text(BARE)
    return folder


@pytest.mark.parametrize("step", ["network", "create", "boot", "wait"])
def test_what_fails_half_way_is_cleaned_up_unless_it_is_to_be_kept(step: str, bare: Path) -> None:
    driver = FakeDriver()
    driver.fail_at(step)
    with pytest.raises(EnvironmentBroken, match=f"^made to fail at {step}$"):
        begin(bare, driver)
    assert driver.attempts() == []
    driver.fail_at(step)
    with pytest.raises(EnvironmentBroken):
        Attempts(driver).start(loader.load(bare, 1), keep=True)
    assert [(a.state, a.kept_why()) for a in Attempts(driver).all()] == [("incomplete", f"made to fail at {step}")]


def test_a_lab_that_needs_what_the_driver_lacks_is_not_begun(bare: Path) -> None:
    (bare / "lab.yaml").write_text(BARE.replace("minutes: 5", "minutes: 5\ncapabilities: [selinux]"))
    driver = FakeDriver()
    with pytest.raises(EnvironmentBroken) as broken:
        begin(bare, driver)
    assert str(broken.value) == "greeting cannot run here. It needs selinux: a fake has none."
    assert driver.attempts() == []


def test_the_only_attempt_is_meant_when_none_is_named(bare: Path) -> None:
    driver = FakeDriver()
    attempts = Attempts(driver)
    with pytest.raises(UsageError, match=r"^No lab is running\.$"):
        attempts.current()
    first = begin(bare, driver)
    assert attempts.current().id == first.id
    second = begin(bare, driver)
    with pytest.raises(UsageError) as several:
        attempts.current()
    assert str(several.value) == f"Several labs are running: {first.id} (greeting), {second.id} (greeting)."
    assert attempts.current(second.id[:6]).id == second.id
    with pytest.raises(UsageError, match=r"^There is no attempt `zzz`\.$"):
        attempts.current("zzz")


def test_stopping_all_ends_every_attempt_and_keeps_their_journals(bare: Path) -> None:
    driver = FakeDriver()
    ids = [begin(bare, driver).id for _ in range(3)]
    removed: list[str] = []
    Attempts(driver).stop_all(removed=removed.append)
    assert sorted(removed) == sorted(ids)
    assert Attempts(driver).all() == []
    last = EventJournal.of(ids[0]).last()
    assert last is not None
    assert last["event"] == "stopped"


def test_machines_that_somebody_removes_while_they_start_are_an_error_with_a_way_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = FakeDriver()
    monkeypatch.setattr("rung.runner.attempts.attempts.create_attempt", lambda *_args, **_options: None)
    with pytest.raises(EnvironmentBroken) as broken:
        Attempts(driver).start(loader.load(folder))
    assert str(broken.value) == "The machines of greeting were removed while they started."
    assert broken.value.fix == "Start the lab again."


def test_what_stands_in_the_way_of_one_does_not_keep_the_others(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = FakeDriver()
    first, second, third = (begin(bare, driver).id for _ in range(3))
    destroy = driver.destroy

    def stuck(attempt: str) -> None:
        if attempt == second:
            raise EnvironmentBroken("it is stuck", fix="Pull.")
        destroy(attempt)

    monkeypatch.setattr(driver, "destroy", stuck)
    removed: list[str] = []
    with pytest.raises(EnvironmentBroken) as broken:
        Attempts(driver).stop_all(removed=removed.append)
    assert (str(broken.value), broken.value.fix) == ("it is stuck", "Pull.")
    assert removed == [first, third]


def test_a_journal_that_cannot_be_written_keeps_nothing_alive(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(journal: EventJournal, _event: str) -> None:
        raise EnvironmentBroken(f"The journal {journal.path.name} cannot be written.", fix="Free some disk space.")

    driver = FakeDriver()
    attempts = [begin(bare, driver) for _ in range(2)]
    monkeypatch.setattr(EventJournal, "append", full)
    removed: list[str] = []
    with pytest.raises(EnvironmentBroken) as broken:
        Attempts(driver).stop_all(removed=removed.append)
    assert str(broken.value) == "\n".join(
        f"Attempt {a.id} is removed, but: The journal {a.id}.jsonl cannot be written." for a in attempts
    )
    assert broken.value.fix == "Free some disk space."
    assert removed == [a.id for a in attempts]
    assert driver.attempts() == []


def test_a_start_that_fails_says_why_although_its_journal_cannot_be_written(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, append = FakeDriver(), EventJournal.append

    def full(journal: EventJournal, event: str, **data: object) -> None:
        if event == "failed":
            raise EnvironmentBroken("the disk is full")
        append(journal, event, **data)

    monkeypatch.setattr(EventJournal, "append", full)
    driver.fail_at("boot")
    with pytest.raises(EnvironmentBroken, match=r"^made to fail at boot$"):
        begin(bare, driver)
    assert driver.attempts() == []


def test_a_machine_that_stopped_is_told_in_the_state(bare: Path) -> None:
    driver = FakeDriver()
    attempt = begin(bare, driver)
    driver.set_state(attempt.id, "stopped", "node2")
    assert Attempts(driver).current().state == "stopped"


def test_an_attempt_without_a_journal_here_is_told_by_its_labels(bare: Path) -> None:
    driver = FakeDriver()
    attempt = begin(bare, driver)
    attempt.journal.path.unlink()
    assert Attempts(driver).current().state == "ready"
    driver.lose(attempt.id, "node2")
    assert Attempts(driver).current().state == "incomplete"


def test_whether_a_machine_goes_down_is_asked_ahead_and_then_only_once(bare: Path) -> None:
    driver = FakeDriver()
    attempt = begin(bare, driver)
    question = "systemctl is-system-running"
    driver.asked.clear()
    attempt.preload()
    attempt.revive()
    assert sorted(driver.asked) == [("node1", question), ("node2", question)]
    attempt.revive()  # what was asked ahead is old by now
    assert len(driver.asked) == 4


def test_an_engine_that_ends_while_it_is_asked_ahead_is_said_where_the_answer_is_needed(bare: Path) -> None:
    driver = FakeDriver()
    attempt = begin(bare, driver)
    driver.dead = True
    attempt.preload()
    with pytest.raises(EngineGone):
        attempt.revive()


def test_a_lab_that_was_removed_is_said_so(bare: Path) -> None:
    driver = FakeDriver()
    attempt = begin(bare, driver)
    (bare / "lab.yaml").unlink()
    with pytest.raises(UsageError) as gone:
        attempt.lab()
    assert str(gone.value) == f"The lab of attempt {attempt.id} is no longer at {bare}."


def test_a_machine_without_a_shell_cannot_be_entered(bare: Path) -> None:
    (bare / "lab.yaml").write_text(BARE.replace("{name: node2}", "{name: node2, shell: false}"))
    driver = FakeDriver()
    attempt = begin(bare, driver)
    assert attempt.machine().name == "node1"
    with pytest.raises(UsageError) as refused:
        attempt.machine("node2")
    assert (str(refused.value), refused.value.fix) == (
        "There is no machine `node2` to enter.",
        "Machines of this lab: node1.",
    )


def test_a_dead_engine_is_said_by_every_verb(bare: Path) -> None:
    driver = FakeDriver()
    attempt = begin(bare, driver)
    driver.dead = True
    for verb in (Attempts(driver).all, attempt.stop, attempt.revive, lambda: Attempts(driver).start(attempt.lab())):
        with pytest.raises(EngineGone):
            verb()
    assert os.environ["RUNG_HOME"]
