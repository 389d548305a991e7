"""The engine stops, the disk is full: Rung says so, and leaves nothing. On an engine of the tests' own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import second_engine
from rung.runner.core.journal import EventJournal
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.engine import endpoints, host_settings
from rung.runner.engine.connect import Engine
from rung.runner.images import build
from second_engine import SecondEngine, full, small_disk

pytestmark = pytest.mark.machines

RUNG = [sys.executable, "-c", "import sys; from rung.runner.cli import main; sys.exit(main())"]
LAB = """\
title: One file
objectives: []
difficulty: easy
minutes: 5
environment: {machines: [{name: node1}]}
tasks: [{id: one, text: Make `/srv/one`., expect: [{file: /srv/one}]}]
"""
FREE = "Free some disk space where the engine keeps its data; `rung stop --all` removes Rung's machines."
HOME = "Free some disk space, or set RUNG_HOME to a folder that can be written."


@dataclass
class Place:
    """A learner's computer: an engine on a small disk, and another small disk for Rung's data."""

    engine: SecondEngine
    client: Engine
    home: Path
    lab: Path

    def rung(self, *words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "DOCKER_HOST": self.engine.url, "RUNG_HOME": str(self.home), "COLUMNS": "200"}
        return subprocess.run([*RUNG, *words], env=env, capture_output=True, text=True, timeout=300, check=False)

    def start(self) -> str:
        """Start the lab; the attempt's id."""
        done = self.rung("start", "--no-shell", str(self.lab))
        assert done.returncode == 0, done.stderr
        (attempt,) = json.loads(self.rung("status", "--json").stdout)
        return str(attempt["attempt"])

    def states(self) -> list[str]:
        done = self.rung("status", "--json")
        assert done.returncode == 0, done.stderr
        return [attempt["state"] for attempt in json.loads(done.stdout)]

    def left(self) -> list[str]:
        """Names of all that is on the engine beside its own networks."""
        networks = [str(n.name) for n in self.client.sdk.networks.list() if n.name not in ("bridge", "host", "none")]
        return [str(c.name) for c in self.client.sdk.containers.list(all=True)] + networks


@pytest.fixture(scope="module")
def engine(driver: ContainerDriver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondEngine]:
    """An engine with the image, whose disk has room for little else."""
    if why := second_engine.possible():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("engine")
    (folder / "data").mkdir()
    engine = SecondEngine(folder, host_settings.runtime_wrapper(folder / "oci-runtime"))
    with small_disk(folder / "data", "1400m"):
        try:
            with contextlib.closing(engine.start()) as client:
                tag = build.ensure("linux", driver.engine)
                client.sdk.images.load(driver.engine.sdk.images.get(tag).save(named=True))
            yield engine
        finally:
            engine.stop()


@pytest.fixture
def place(engine: SecondEngine, tmp_path: Path) -> Iterator[Place]:
    lab, home = tmp_path / "one-file", tmp_path / "home"
    lab.mkdir()
    home.mkdir()
    (lab / "lab.yaml").write_text(LAB)
    with small_disk(home, "1m"), contextlib.closing(Engine(endpoints.Endpoint(engine.url, "a test"))) as client:
        found = Place(engine, client, home, lab)
        assert found.rung("trust", "--yes", str(lab)).returncode == 0
        yield found
        found.rung("stop", "--all")
        assert found.left() == []


def test_an_engine_that_stops_during_an_attempt_is_said_and_nothing_is_lost_or_left(place: Place) -> None:
    attempt = place.start()
    place.engine.stop()
    for words in (("status",), ("check",), ("tasks",), ("stop", "--all")):
        done = place.rung(*words)
        assert (done.returncode, done.stdout) == (3, "")
        first, *_, last = done.stderr.splitlines()
        assert first == "No container engine answers. Tried:"
        assert last == (
            "What to do: DOCKER_HOST names one that does not answer: start it, or unset DOCKER_HOST to use another."
        )
    place.engine.start().close()
    assert place.states() == ["stopped"]
    done = place.rung("check", "--json")
    assert (done.returncode, done.stderr) == (1, "node1: switched off, now started again.\n")
    assert json.loads(done.stdout)["attempt"] == attempt
    assert place.states() == ["ready"]
    assert place.rung("stop", "--all").stdout == f"removed {attempt}\n"
    assert place.left() == []


EXAM = "{title: One lab, track: rhcsa10, minutes: 30, pass_mark: 60, labs: [{lab: ../one-file}]}"


def test_an_exam_goes_on_after_its_engine_was_restarted(place: Place, tmp_path: Path) -> None:
    (tmp_path / "exams").mkdir()
    (tmp_path / "exams" / "one.yaml").write_text(EXAM)
    start = ("exam", "start", str(tmp_path / "exams" / "one.yaml"), "--seed", "5", "--no-shell")
    done = place.rung(*start)
    assert done.returncode == 0, done.stderr
    (machine,) = place.client.sdk.containers.list()
    machine.exec_run("touch /srv/one")
    place.engine.stop()
    done = place.rung("exam", "start", "--no-shell")
    said = "one (seed 5) is open: you go on with it as it was left."  # its clock, flags and notes need no engine
    assert (done.returncode, done.stderr.splitlines()) == (0, [said, "No container engine answers."])
    assert place.rung("exam", "shell", "1").returncode == 3
    place.engine.start().close()
    done = place.rung("exam", "start", "--no-shell")
    assert (done.returncode, done.stderr) == (0, f"{said}\n")
    assert place.rung("exam", "shell", "1").returncode == 0  # starts what had been switched off
    done = place.rung("exam", "submit", "--yes")
    assert (done.returncode, done.stdout.splitlines()[2]) == (
        0,
        "100 of 100 points (100.0 %); it takes 60 to pass: passed.",
    )
    assert place.rung("exam", "stop").returncode == 0


def test_a_start_on_a_full_disk_says_so_and_leaves_nothing(place: Place) -> None:
    with full(place.engine.folder / "data"):
        done = place.rung("start", "--no-shell", str(place.lab))
        assert (done.returncode, done.stdout) == (3, "")
        *_, said, fix = done.stderr.splitlines()
        assert said.startswith("The engine refused while ")
        assert said.endswith("no space left on device")
        assert fix == f"What to do: {FREE}"
        assert (place.states(), place.left()) == ([], [])
        done = place.rung("stop", "--all")
        assert (done.returncode, done.stderr) == (0, "There is nothing to remove.\n")


def test_a_disk_that_fills_during_an_attempt_keeps_nothing_alive(place: Place) -> None:
    attempt = place.start()
    with full(place.engine.folder / "data"):
        assert place.states() == ["ready"]
        assert place.rung("check").returncode == 1
        assert place.rung("stop", "--all").stdout == f"removed {attempt}\n"
        assert place.left() == []


def test_a_start_whose_journal_cannot_be_written_leaves_nothing(place: Place) -> None:
    with full(place.home):
        done = place.rung("start", "--no-shell", str(place.lab))
        assert (done.returncode, done.stdout) == (3, "")
        *_, said, fix = done.stderr.splitlines()
        assert said.startswith(f"The journal {place.home}/attempts/")
        assert said.endswith(" cannot be written: No space left on device.")
        assert fix == f"What to do: {HOME}"
        assert (place.states(), place.left()) == ([], [])


def test_a_journal_that_cannot_be_written_any_more_keeps_nothing_alive(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = place.start()
    monkeypatch.setenv("RUNG_HOME", str(place.home))
    journal = EventJournal.of(attempt)
    with full(place.home):
        while _room(journal.path):  # up to the end of the file's last block
            continue
        assert place.states() == ["ready"]
        done = place.rung("stop", "--all")
        assert (done.returncode, done.stdout) == (3, f"removed {attempt}\n")
        assert done.stderr.splitlines()[-2:] == [
            (
                f"Attempt {attempt} is removed, but: "
                f"The journal {journal.path} cannot be written: No space left on device."
            ),
            f"What to do: {HOME}",
        ]
        assert place.left() == []


def _room(path: Path) -> bool:
    """Write one more byte to a file, if there is room for it."""
    try:
        with path.open("ab", buffering=0) as file:
            return file.write(b"\n") == 1
    except OSError:
        return False
