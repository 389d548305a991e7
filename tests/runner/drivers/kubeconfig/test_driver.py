"""Labs on a cluster of the user's: they are done there, and nothing of the user's is touched, whatever happens."""

from __future__ import annotations

import json
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
from rung.runner.cli.start import warn_if_unreachable
from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.kubeconfig import objects
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.grading.grade import grade
from rung.runner.images import build, workloads
from rung.runner.lab import loader
from rung.runner.services.user_cluster import unreachable_reason
from users_cluster import NAME, NODE, Door, Users, docker, kind, users_cluster

pytestmark = pytest.mark.machines

LABS = Path(__file__).parents[4] / "labs" / "kubernetes"
SEED = 3  # draws the namespaces billing and billing-archive
START = """
import os, sys
from pathlib import Path
from rung.runner.attempts.attempts import Attempts
from rung.runner.drivers.cluster import apply
from rung.runner.drivers.kubeconfig.config import choose
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.lab import loader

folder, kubeconfig, context, at = sys.argv[1:]
made = apply.create

def counted(api, manifest, labels):
    made(api, manifest, labels)
    if f"{manifest['kind']}/{manifest['metadata']['name']}" == at:
        os.kill(os.getpid(), 9)

def told(step, what):
    if step == at:
        os.kill(os.getpid(), 9)

apply.create = counted
Attempts(DriverRegistry.connect()).start(loader.load(Path(folder), 3), progress=told, own=choose(context, kubeconfig))
"""


@pytest.fixture(scope="module")
def users(driver: ContainerDriver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Users]:
    image = build.ensure("node", driver.engine)
    with users_cluster(tmp_path_factory.mktemp("users") / "kubeconfig", image) as made:
        yield made


@pytest.fixture
def every() -> Attempts:
    return Attempts(DriverRegistry.connect())


@pytest.fixture
def theirs(users: Users) -> Iterator[dict[str, str]]:
    """All that the user has, compared once more when the test has ended."""
    before = users.everything()
    yield before
    assert users.everything() == before


@pytest.fixture
def ended(every: Attempts, users: Users) -> Iterator[list[Attempt]]:
    """Attempts that a test begins; what is left of them is removed."""
    attempts: list[Attempt] = []
    yield attempts
    for attempt in attempts:
        every.driver.forget(attempt.id)
        with users.api() as api:
            objects.remove(api, attempt.id)


def start(every: Attempts, ended: list[Attempt], own: UserCluster, lab: str = "look-not-touch") -> Attempt:
    attempt = every.start(loader.load(LABS / lab, SEED), own=own)
    ended.append(attempt)
    return attempt


def outcomes(attempt: Attempt) -> set[Outcome]:
    report = grade(attempt.lab(), attempt, live_only=True)
    return {check.outcome for task in report.tasks for check in task.checks}


def left_on_engine(driver: ContainerDriver, attempt: str) -> list[str]:
    names = [c["Names"][0] for c in driver.engine.containers()]
    return [name for name in names + [n["Name"] for n in driver.engine.networks()] if attempt in name]


def test_a_lab_is_done_there_and_leaves_the_cluster_as_it_was(
    every: Attempts, ended: list[Attempt], users: Users, driver: ContainerDriver, theirs: dict[str, str]
) -> None:
    attempt = start(every, ended, users.own())
    assert (attempt.state, [m.name for m in attempt.machines]) == ("ready", ["base"])
    assert users.labelled(attempt.id) == ["billing", "billing-archive"]
    assert theirs.items() <= users.everything().items()

    assert outcomes(attempt) == {Outcome.PASSED, Outcome.FAILED}
    lab = attempt.lab()
    attempt.run_script((lab.folder / "solution.sh").read_text(), lab)
    assert outcomes(attempt) == {Outcome.PASSED}
    whoami = attempt.hosts()["base"].run("runuser -l candidate -c 'kubectl config get-contexts -o name'")
    assert whoami.stdout == "kind-kc-users\n"
    assert unreachable_reason(attempt) is None

    attempt.reset()
    assert outcomes(attempt) == {Outcome.PASSED, Outcome.FAILED}
    assert theirs.items() <= users.everything().items()

    attempt.stop()
    assert users.everything() == theirs
    assert left_on_engine(driver, attempt.id) == []
    assert every.driver.leftovers(attempt.id) == []


def test_what_the_learner_makes_elsewhere_stays_and_is_told_unless_it_bears_the_label(
    every: Attempts, ended: list[Attempt], users: Users, theirs: dict[str, str]
) -> None:
    attempt = start(every, ended, users.own())
    base = attempt.hosts()["base"]
    for name in ("kept", "marked"):
        assert base.run("kubectl create clusterrole %s --verb=get --resource=pods", name).ok
    assert base.run("kubectl label clusterrole marked rung.attempt=%s", attempt.id).ok
    assert base.run("kubectl create namespace apart").ok
    attempt.stop()
    assert every.driver.leftovers(attempt.id) == ["clusterroles/kept", "namespaces/apart"]
    users.remove("clusterroles", "kept")
    users.remove("namespaces", "apart")
    assert users.everything() == theirs


def test_names_that_are_taken_are_told_and_nothing_is_made(
    every: Attempts, users: Users, driver: ContainerDriver
) -> None:
    users.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "billing-archive"}})
    try:
        before = users.everything()
        with pytest.raises(UsageError) as taken:
            every.start(loader.load(LABS / "look-not-touch", SEED), own=users.own(), attempt="0badcafe")
        assert str(taken.value) == (
            "look-not-touch would create what the cluster of context kind-kc-users has already: "
            "namespaces/billing-archive."
        )
        assert {k: v for k, v in users.everything().items() if k not in before} == {}
        assert left_on_engine(driver, "0badcafe") == []
    finally:
        users.remove("namespaces", "billing-archive")


@pytest.mark.usefixtures("theirs")
def test_another_attempt_of_the_lab_is_named_where_it_stands_in_the_way(
    every: Attempts, ended: list[Attempt], users: Users
) -> None:
    attempt = start(every, ended, users.own())
    with pytest.raises(UsageError) as taken:
        every.start(loader.load(LABS / "look-not-touch", SEED), own=users.own())
    assert str(taken.value) == (
        "look-not-touch would create what the cluster of context kind-kc-users has already: "
        f"namespaces/billing (of attempt {attempt.id}), namespaces/billing-archive (of attempt {attempt.id})."
    )


def test_what_appears_while_the_lab_begins_is_not_taken_over(
    every: Attempts, users: Users, driver: ContainerDriver, theirs: dict[str, str]
) -> None:
    def meanwhile(step: str, _what: str) -> None:
        if step == "apply":
            users.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "billing-archive"}})

    with pytest.raises(UsageError) as taken:
        every.start(loader.load(LABS / "look-not-touch", SEED), own=users.own(), progress=meanwhile, attempt="0badcafe")
    assert str(taken.value) == (
        "The cluster has namespaces/billing-archive already, which is not this lab's: it stays as it is."
    )
    assert users.labelled("0badcafe") == []
    assert left_on_engine(driver, "0badcafe") == []
    with users.api() as api:
        assert api.get("Namespace", "billing") is None
        assert api.get("Namespace", "billing-archive") is not None
    users.remove("namespaces", "billing-archive")
    assert users.everything() == theirs


@pytest.mark.parametrize("at", ["boot", "apply", "Namespace/billing", "verify"])
@pytest.mark.usefixtures("theirs")
def test_a_start_that_is_killed_leaves_nothing_that_is_not_told_and_removed(
    at: str, every: Attempts, users: Users, driver: ContainerDriver
) -> None:
    known = {attempt.id for attempt in every.all()}
    arguments = [str(LABS / "look-not-touch"), str(users.kubeconfig), "kind-kc-users", at]
    done = subprocess.run([sys.executable, "-c", START, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    begun = [a for a in every.all() if a.id not in known and a.found.own == users.own()]
    assert [(a.lab_name, a.state) for a in begun] == ([] if at == "boot" else [("look-not-touch", "incomplete")])
    for attempt in begun:
        made = users.labelled(attempt.id)
        assert made == {"apply": [], "Namespace/billing": ["billing"]}.get(at, ["billing", "billing-archive"])
        attempt.stop()
        assert users.labelled(attempt.id) == []
        assert left_on_engine(driver, attempt.id) == []


@pytest.mark.usefixtures("theirs")
def test_another_rung_home_ends_it_too(
    every: Attempts, ended: list[Attempt], users: Users, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = start(every, ended, users.own())
    monkeypatch.setenv("RUNG_HOME", str(tmp_path))
    (again,) = [a for a in Attempts(DriverRegistry.connect()).all() if a.id == attempt.id]
    assert (again.state, again.found.own) == ("ready", users.own())
    again.stop()
    assert users.labelled(attempt.id) == []


@pytest.mark.usefixtures("theirs")
def test_credentials_are_taken_from_where_they_still_are(
    every: Attempts, ended: list[Attempt], users: Users, tmp_path: Path
) -> None:
    config = tmp_path / "kubeconfig"
    config.write_text(users.kubeconfig.read_text())
    attempt = start(every, ended, users.own(config))
    copy = every.driver.kubeconfig(attempt.id)
    assert copy is not None
    text = copy.read_text()
    copy.write_text(text.replace("client-certificate-data", "username"))
    assert outcomes(attempt) == {Outcome.PASSED, Outcome.FAILED}
    assert copy.read_text() == text
    config.unlink()
    attempt.stop()
    assert users.labelled(attempt.id) == []


def test_a_base_that_does_not_reach_the_cluster_is_told_and_labs_that_need_it_are_not_begun(
    every: Attempts,
    ended: list[Attempt],
    users: Users,
    driver: ContainerDriver,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    theirs: dict[str, str],
) -> None:
    door = Door(users.address)
    own = users.own(door.kubeconfig(users, tmp_path / "kubeconfig"))
    attempt = start(every, ended, own)
    assert warn_if_unreachable(attempt)
    said = capsys.readouterr().err
    assert said.startswith(f"The machine base does not reach https://127.0.0.1:{door.port} (")
    assert said.endswith('Work in your own terminal: eval "$(rung env)" points kubectl there at the cluster.\n')
    assert outcomes(attempt) == {Outcome.PASSED, Outcome.FAILED}
    attempt.stop()

    with pytest.raises(EnvironmentBroken) as cut:
        every.start(loader.load(LABS / "back-to-what-worked", SEED), own=own, attempt="0badcafe")
    assert str(cut.value).startswith(f"The machine base does not reach https://127.0.0.1:{door.port} (")
    assert str(cut.value).endswith("), and back-to-what-worked needs that: its setup.sh calls the cluster there.")
    assert left_on_engine(driver, "0badcafe") == []
    assert users.everything() == theirs
    door.shut()


@pytest.mark.usefixtures("theirs")
def test_a_server_on_this_computer_itself_is_reached_where_it_listens_for_more_than_itself(
    every: Attempts, ended: list[Attempt], users: Users, tmp_path: Path
) -> None:
    door = Door(users.address, "0.0.0.0")
    attempt = start(every, ended, users.own(door.kubeconfig(users, tmp_path / "kubeconfig")))
    assert unreachable_reason(attempt) is None
    attempt.stop()
    door.shut()


def test_a_cluster_that_falls_silent_is_nobody_s_fault_and_is_not_forgotten_by_itself(
    every: Attempts,
    ended: list[Attempt],
    users: Users,
    driver: ContainerDriver,
    tmp_path: Path,
    theirs: dict[str, str],
) -> None:
    door = Door(users.address)
    attempt = start(every, ended, users.own(door.kubeconfig(users, tmp_path / "kubeconfig")))
    door.shut()
    server = f"https://127.0.0.1:{door.port}"
    report = grade(attempt.lab(), attempt, live_only=True)
    checks = [check for task in report.tasks for check in task.checks]
    assert {check.outcome for check in checks} == {Outcome.BROKEN}
    assert {check.error for check in checks} == {
        f"The cluster of context kind-kc-users ({server}) does not answer, and Rung restarts no node of it."
    }
    with pytest.raises(EnvironmentBroken) as silent:
        attempt.stop()
    assert str(silent.value) == (
        "What the lab made in the cluster of context kind-kc-users cannot be removed: "
        f"The cluster of context kind-kc-users does not answer at {server}: connection refused."
    )
    assert silent.value.fix == (
        "`kubectl --context kind-kc-users get nodes` tells more. "
        "Where the cluster is gone for good, `rung stop --forget` ends the lab all the same."
    )
    assert attempt.id in [a.id for a in every.all()]
    attempt.stop(forget=True)
    assert left_on_engine(driver, attempt.id) == []
    assert users.labelled(attempt.id) == ["billing", "billing-archive"]
    with users.api() as api:
        objects.remove(api, attempt.id)
    assert users.everything() == theirs


@pytest.mark.usefixtures("theirs")
def test_a_cluster_elsewhere_is_refused_before_it_is_asked_anything(every: Attempts, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(
        json.dumps(
            {
                "contexts": [{"name": "far", "context": {"cluster": "far", "user": "me"}}],
                "clusters": [{"name": "far", "cluster": {"server": "https://203.0.113.7:6443"}}],
                "users": [{"name": "me", "user": {"token": "x"}}],
            }
        )
    )
    own = UserCluster("far", "https://203.0.113.7:6443", str(path))
    began = time.monotonic()
    with pytest.raises(UsageError) as far:
        every.start(loader.load(LABS / "look-not-touch", SEED), own=own)
    assert str(far.value) == "The context far leads to https://203.0.113.7:6443, which is not this computer."
    assert time.monotonic() - began < 5
    assert not every.driver.is_here(own)


def test_labs_that_it_cannot_serve_are_refused_with_the_reason(
    every: Attempts, users: Users, theirs: dict[str, str]
) -> None:
    with pytest.raises(EnvironmentBroken) as unfit:
        every.start(loader.load(LABS / "portal-chart", SEED), own=users.own())
    assert str(unfit.value) == (
        "portal-chart cannot be done on the cluster of context kind-kc-users: it is about the node controlplane."
    )
    with pytest.raises(UsageError) as machines:
        every.start(loader.load(LABS.parent / "linux" / "links", SEED), own=users.own())
    assert str(machines.value) == "links is done on machines, not on a cluster."
    assert users.everything() == theirs


def test_the_saved_images_serve_a_cluster_that_has_none(
    every: Attempts, ended: list[Attempt], users: Users, driver: ContainerDriver, tmp_path: Path
) -> None:
    """The last test: it removes images from the node for some seconds."""
    names = [f"docker.io/{name}" for name in workloads.names() if "/web" in name]
    docker("exec", NODE, "ctr", "--namespace", "k8s.io", "images", "rm", *names)
    archive = tmp_path / "images.tar"
    workloads.save(archive, driver.engine)
    assert [path.name for path in tmp_path.iterdir()] == ["images.tar"]
    kind(users.kubeconfig, "load", "image-archive", str(archive), "--name", NAME)
    attempt = start(every, ended, users.own())
    with users.api() as api:
        api.wait(
            "Deployment",
            "ledger",
            lambda found: found.get("status", {}).get("readyReplicas") == 2,
            what="two ready replicas",
            namespace="billing",
            timeout=60,
        )
        name = api.list("Pod", "billing")[0]["metadata"]["name"]
        assert api.exec(name, 'echo "$VERSION"', namespace="billing").stdout == "1.0\n"
    attempt.stop()
