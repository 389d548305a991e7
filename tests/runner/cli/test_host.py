"""rung doctor and rung images: what they print and how they end."""

from __future__ import annotations

import json

import pytest
from fake_lab import Rung

from rung.runner import doctor, engine, images
from rung.runner.doctor import Finding
from rung.runner.images import Listed

GOOD = Finding("engine", "ok", "docker 20.10")
POOR = Finding("disk", "warn", "1.0 GiB free", "Building images may fail.", "Free some.")
BAD = Finding("engine", "bad", "No engine answers.", fix="Install docker.io.")


def _found(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    monkeypatch.setattr(doctor, "diagnose", lambda _deep: list(findings))


def test_doctor_shows_each_finding_with_what_to_do(said: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    _found(monkeypatch, GOOD, POOR, Finding("capability selinux", "ok", "no", "It is not namespaced."))
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

    monkeypatch.setattr(engine, "connect", lambda: None)
    monkeypatch.setattr(images, "ensure", ensure)
    monkeypatch.setattr(
        images,
        "listing",
        lambda _client: [
            Listed("linux", "rung/linux:1", "Debian", True, 463_000_000),
            Listed("alma", "rung/alma:1", "AlmaLinux", False, None),
        ],
    )
    return asked


@pytest.mark.usefixtures("made")
def test_images_are_listed_with_their_sizes(said: Rung) -> None:
    assert said("images", "list").out == (
        "   IMAGE  SIZE       TAG           WHAT\n"
        "✓  linux  463 MB     rung/linux:1  Debian\n"
        "-  alma   not built  rung/alma:1   AlmaLinux (described, not exercised)\n"
    )


def test_build_makes_those_that_are_exercised(said: Rung, made: list[str]) -> None:
    done = said("images", "build")
    assert (done.code, done.out, made) == (0, "rung/linux:1\n", ["linux"])
    assert done.err.startswith("image linux … ")
