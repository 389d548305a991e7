"""rung doctor and rung images: what they print and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fake_lab import Rung
from rung.runner.doctor import host
from rung.runner.doctor.findings import DoctorFinding
from rung.runner.engine import connect, host_settings
from rung.runner.images import build, prune, workloads
from rung.runner.images.build import ImageStatus
from rung.runner.images.prune import Leftover
from rung.runner.shell import proxy

GOOD = DoctorFinding("engine", "ok", "docker 20.10")
POOR = DoctorFinding("disk", "warn", "1.0 GiB free", "Building images may fail.", "Free some.")
BAD = DoctorFinding("engine", "bad", "No engine answers.", fix="Install docker.io.")


def _found(monkeypatch: pytest.MonkeyPatch, *findings: DoctorFinding) -> None:
    monkeypatch.setattr(host, "diagnose", lambda _deep: list(findings))


def test_doctor_shows_each_finding_with_what_to_do(said: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    _found(monkeypatch, GOOD, POOR, DoctorFinding("capability selinux", "ok", "no", "It is not namespaced."))
    done = said("doctor")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "✓ engine: docker 20.10\n"
        "! disk: 1.0 GiB free\n"
        "    Building images may fail.\n"
        "    What to do: Free some.\n"
        "- capability selinux: no\n"
        "    It is not namespaced.\n"
        "\n"
        "Labs can run here.\n"
    )


def test_undo_says_what_it_took_back(said: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    done = ["/etc/docker/daemon.json no longer names the runtime `rung`", "/etc/sysctl.d/60-rung.conf is removed"]
    monkeypatch.setattr(host_settings, "undo", lambda: done)
    assert said("doctor", "--undo").out == "".join(f"{line}\n" for line in done)
    assert json.loads(said("doctor", "--undo", "--json").out) == done
    monkeypatch.setattr(host_settings, "undo", list)
    assert said("doctor", "--undo").out == "There is nothing to take back.\n"


def test_undo_and_deep_exclude_each_other(said: Rung) -> None:
    done = said("doctor", "--undo", "--deep")
    assert (done.code, done.err) == (
        2,
        "`--undo` and `--deep` exclude each other.\nWhat to do: Give one of them.\n",
    )


def test_doctor_ends_with_3_where_labs_cannot_run(said: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    _found(monkeypatch, BAD)
    done = said("doctor")
    assert (done.code, done.out.splitlines()[-1]) == (3, "Labs cannot run here yet.")
    assert json.loads(said("doctor", "--json").out) == [
        {"name": "engine", "state": "bad", "fact": "No engine answers.", "why": None, "fix": "Install docker.io."}
    ]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Images that were asked for, in a world without an engine."""
    asked: list[str] = []

    def ensure(name: str, _client: object, progress: object) -> str:
        asked.append(name)
        progress("image", name)  # type: ignore[operator]
        return f"rung/{name}:1"

    monkeypatch.setattr(connect, "connect", lambda: None)
    monkeypatch.setattr(build, "ensure", ensure)
    monkeypatch.setattr(
        build,
        "listing",
        lambda _client: [
            ImageStatus("linux", "rung/linux:1", "Debian", True, 463_000_000),
            ImageStatus("alma", "rung/alma:1", "AlmaLinux", False, None),
        ],
    )
    return asked


@pytest.mark.usefixtures("made")
def test_images_are_listed_with_their_sizes(said: Rung) -> None:
    assert said("images", "list").out == (
        "   IMAGE  SIZE       TAG           WHAT\n"
        "✓  linux  463 MB     rung/linux:1  Debian\n"
        "-  alma   not built  rung/alma:1   AlmaLinux (not tested)\n"
    )


def test_build_makes_those_that_are_exercised(said: Rung, made: list[str]) -> None:
    done = said("images", "build")
    assert (done.code, done.out, made) == (0, "rung/linux:1\n", ["linux"])
    assert done.err.startswith("image linux … ")


OLD = [Leftover("image", "rung/node:0123456789ab", 1_527_000_000), Leftover("programs", "/cache/go/00aa", 58_000_000)]
TABLE = """\
SIZE     WHAT      NAME
1527 MB  image     rung/node:0123456789ab
58 MB    programs  /cache/go/00aa
"""
SHARED = "Images share layers: less than the sum of these sizes becomes free.\n"


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> list[Leftover]:
    """What was removed, in a world with these two old things."""
    gone: list[Leftover] = []

    def remove(_client: object, chosen: list[Leftover], _progress: object) -> int:
        gone.extend(chosen)
        return 144_000_000

    monkeypatch.setattr(connect, "connect", lambda: None)
    monkeypatch.setattr(prune, "leftovers", lambda _client: list(OLD))
    monkeypatch.setattr(prune, "remove", remove)
    return gone


def test_without_a_terminal_what_is_old_is_shown_and_stays(said: Rung, removed: list[Leftover]) -> None:
    done = said("images", "prune")
    assert (done.code, done.out, removed) == (0, TABLE, [])
    assert done.err == f"{SHARED}Nothing was removed: rung images prune --yes does it.\n"


def test_with_yes_what_is_old_goes(said: Rung, removed: list[Leftover]) -> None:
    done = said("images", "prune", "--yes")
    assert (done.code, done.out, removed) == (0, f"{TABLE}freed 144 MB\n", OLD)


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_it_is_asked_first(
    answer: bool, said: Rung, removed: list[Leftover], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "at_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda _text, **_options: answer)
    done = said("images", "prune")
    assert (done.code, removed) == (0, OLD if answer else [])


@pytest.mark.usefixtures("removed")
def test_nothing_old_is_said(said: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "leftovers", lambda _client: [])
    done = said("images", "prune")
    assert (done.code, done.out, done.err) == (0, "", "There is nothing to remove.\n")


def test_images_for_other_clusters_are_written_to_a_file(
    said: Rung, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(connect, "connect", lambda: None)
    monkeypatch.setattr(workloads, "save", lambda to, _client, _progress: asked.append(to))
    done = said("images", "save", str(tmp_path / "images.tar"))
    assert (done.code, asked) == (0, [tmp_path / "images.tar"])
    assert done.out == "rung/web:1.0\nrung/web:1.1\nrung/web:1.2-bad\nrung/box:1.0\n"
