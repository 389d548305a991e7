"""What clusters need of this computer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.doctor import clusters
from rung.runner.doctor.findings import DoctorFinding
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.drivers.kind import kind_cli
from rung.runner.images import go_programs
from rung.runner.images.build import ImageStatus

KIND = go_programs.version("kind")
COMPILED = "is compiled from its module when a cluster is first needed"
DOWNLOADED = "is downloaded, and compared with its digest, when it is first needed"


@pytest.mark.parametrize(
    ("there", "version", "fact"),
    [
        ({"kind": "/usr/bin/kind", "go": "/usr/bin/go"}, "v0.32.0", "/usr/bin/kind (v0.32.0)"),
        ({"go": "/usr/bin/go"}, None, f"{KIND} {COMPILED}"),
        ({}, None, f"{KIND} {DOWNLOADED}"),
        (
            {"kind": "/usr/bin/kind", "go": "/usr/bin/go"},
            "v0.31.0",
            f"/usr/bin/kind is v0.31.0: not used, since Rung needs v0.32 or newer; {KIND} {COMPILED}",
        ),
        (
            {"kind": "/usr/bin/kind"},
            None,
            f"/usr/bin/kind reports no version: not used, since Rung needs v0.32 or newer; {KIND} {DOWNLOADED}",
        ),
    ],
)
def test_where_kind_comes_from(
    there: dict[str, str], version: str | None, fact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = kind_cli.Installed(there["kind"], version) if "kind" in there else None
    monkeypatch.setattr(kind_cli, "installed", lambda: found)
    monkeypatch.setattr("shutil.which", there.get)
    assert clusters.kind() == DoctorFinding("kind", "ok", fact)


def test_few_inotify_instances_are_told_with_what_they_are_enough_for(tmp_path: Path) -> None:
    setting = tmp_path / "max_user_instances"
    setting.write_text("128\n")
    assert list(clusters.inotify(setting)) == [
        DoctorFinding(
            "inotify",
            "warn",
            "128 instances",
            "Enough for 4 clusters or 32 machines, if nothing else here uses inotify.",
            "`sudo sysctl fs.inotify.max_user_instances=1024`",
        )
    ]


def test_many_are_enough_and_a_computer_that_does_not_tell_is_left_out(tmp_path: Path) -> None:
    setting = tmp_path / "max_user_instances"
    setting.write_text("1024\n")
    assert list(clusters.inotify(setting)) == [DoctorFinding("inotify", "ok", "1024 instances")]
    assert list(clusters.inotify(tmp_path / "missing")) == []


def test_the_version_of_kubernetes_is_told() -> None:
    assert next(iter(clusters.clusters())) == DoctorFinding(
        "kubernetes", "ok", f"{go_programs.version('kubernetes')}, in node images that are built here"
    )


class Clusters(FakeDriver):
    """A fake on which clusters can be made; `stuck`: they cannot be removed."""

    stuck = False

    def destroy(self, attempt: str) -> None:
        if self.stuck:
            raise EnvironmentBroken("it does not go away")
        super().destroy(attempt)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, node=1500, base=600)


def have(monkeypatch: pytest.MonkeyPatch, **sizes: int | None) -> None:
    """Let the engine have images of these sizes (None: not built)."""
    listed = [ImageStatus(name, f"rung/{name}:1", "", True, size) for name, size in sizes.items()]
    monkeypatch.setattr(clusters, "listing", lambda _client: listed)


def trial(driver: FakeDriver) -> DoctorFinding:
    client: Any = None
    return clusters.trial(driver, client)


@pytest.mark.usefixtures("built")
def test_a_cluster_is_made_timed_and_removed() -> None:
    driver = Clusters()
    found = trial(driver)
    assert (found.name, found.state, driver.attempts()) == ("cluster", "ok", [])
    assert re.fullmatch(
        r"a cluster of one node, and the machine base, were ready in \d\.\d s, and removed in \d\.\d s", found.fact
    )


@pytest.mark.usefixtures("built")
def test_a_cluster_that_fails_is_told_with_the_step_and_leaves_nothing() -> None:
    driver = Clusters()
    driver.fail_at("boot")
    assert trial(driver) == DoctorFinding(
        "cluster",
        "warn",
        "failed at boot doctor: made to fail at boot",
        "Labs on clusters cannot run here; labs on machines may.",
    )
    assert driver.attempts() == []


@pytest.mark.usefixtures("built")
def test_a_cluster_that_stays_is_told() -> None:
    driver = Clusters()
    driver.stuck = True
    driver.fail_at("wait")
    found = trial(driver)
    assert (found.state, found.fix) == ("warn", "`rung stop --all`")
    assert found.fact == "failed at wait doctor: made to fail at wait; it could not be removed: it does not go away"


def test_no_cluster_is_tried_where_an_image_would_have_to_be_built_first(monkeypatch: pytest.MonkeyPatch) -> None:
    have(monkeypatch, linux=400, node=None, base=None)
    driver = Clusters()
    assert trial(driver) == DoctorFinding(
        "cluster", "warn", "not tried: not built yet: node base", None, "`rung images build node base`"
    )
    assert driver.attempts() == []
