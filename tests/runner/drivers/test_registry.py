"""The registry picks a driver by the plan, and answers what a driver does not offer."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from rung.runner.attempts.attempts import missing_capabilities
from rung.runner.drivers.base.plan import Need, Plan, UserCluster, need_of
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.drivers.kubeconfig.driver import KubeconfigDriver
from rung.runner.drivers.registry import DRIVERS, DriverEntry, DriverRegistry, capabilities_for
from rung.runner.lab.model import ClusterSpec, Lab

OWN = UserCluster("mine", "https://127.0.0.1:6443", "/kubeconfig")


class Slim:
    """The verbs of a `Driver` and no others, over a fake."""

    name = "fake"
    _VERBS = ("capabilities", "provision", "attempts", "destroy")

    def __init__(self) -> None:
        self.fake = FakeDriver()

    def __getattr__(self, verb: str) -> Any:
        if verb in Slim._VERBS:
            return getattr(self.fake, verb)
        raise AttributeError(verb)


@pytest.fixture
def drivers() -> DriverRegistry:
    """The real drivers on an engine that nobody asks."""
    engine: Any = SimpleNamespace(place=SimpleNamespace(url="unix:///nowhere"))
    return DriverRegistry({"container": ContainerDriver(engine)})


def lab(*capabilities: str, cluster: ClusterSpec | None = None) -> Any:
    return SimpleNamespace(capabilities=capabilities, cluster=cluster)


@pytest.mark.parametrize(
    ("need", "driver"), [("machines", ContainerDriver), ("cluster", KindDriver), ("user's cluster", KubeconfigDriver)]
)
def test_a_plan_goes_to_the_driver_of_its_need(drivers: DriverRegistry, need: Need, driver: type) -> None:
    assert type(drivers._for(need)) is driver


def test_what_a_plan_needs() -> None:
    plan = Plan("0badcafe", "a-lab", "/labs/a-lab", 1, "0", ())
    assert plan.need == "machines"
    assert need_of(ClusterSpec()) == "cluster"
    assert need_of(ClusterSpec(), OWN) == "user's cluster"


def test_a_lab_on_machines_does_not_have_what_only_clusters_have(drivers: DriverRegistry) -> None:
    on_machines: Lab = lab("metrics", "network-policy", "systemd")
    assert missing_capabilities(on_machines, drivers) == {
        "metrics": "there is no cluster",
        "network-policy": "there is no cluster",
    }
    on_cluster: Lab = lab("metrics", "network-policy", cluster=ClusterSpec())
    assert missing_capabilities(on_cluster, drivers) == {}
    assert missing_capabilities(on_cluster, drivers, OWN) == {}


def test_a_lab_on_a_cluster_is_not_for_a_driver_of_machines_alone(drivers: DriverRegistry) -> None:
    alone = DriverRegistry.of(drivers.driver("container"))
    assert missing_capabilities(lab(cluster=ClusterSpec()), alone) == {
        "cluster": "this driver provides Linux machines only"
    }


@pytest.mark.parametrize("need", ["machines", "cluster", "user's cluster"])
def test_what_is_told_without_an_engine_is_what_the_driver_tells(drivers: DriverRegistry, need: Need) -> None:
    assert capabilities_for(need) == drivers.capabilities_for(need)


def test_the_registry_answers_what_a_driver_does_not_offer() -> None:
    slim = Slim()
    every = DriverRegistry.of(slim)  # type: ignore[arg-type]
    plan = Plan("0badcafe", "a-lab", "/labs/a-lab", 1, "0", ())
    every.preload()
    every.prewarm(None)
    every.provision(plan)
    assert every.kubeconfig(plan.attempt) is None
    assert every.apply_manifests(plan.attempt, []) is False
    assert (every.spares(), every.leftovers(plan.attempt), every.is_here(OWN)) == ((), (), False)
    every.release("nobody")
    every.collect_garbage()
    every.destroy_later(plan.attempt)
    assert slim.fake.done == ["destroy 0badcafe"]
    every.forget(plan.attempt)
    assert slim.fake.done == ["destroy 0badcafe"] * 2


def test_a_driver_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "container": DRIVERS["container"],
        "fake": DriverEntry(DRIVERS["fake"].where, DRIVERS["fake"].capabilities, "cluster"),
    }
    every = DriverRegistry({}, entries)
    monkeypatch.setattr(ContainerDriver, "connect", lambda *_: pytest.fail("the driver of machines is not needed"))
    plan = Plan("0badcafe", "a-lab", "/labs/a-lab", 1, "0", (), cluster=ClusterSpec())
    every.provision(plan)
    assert every.driver("fake").attempts()[0].attempt == "0badcafe"
    every.destroy(plan.attempt)
    assert list(every.driver("fake").attempts()) == []
    every.prepare(ClusterSpec(workers=1))
    assert [spare.expected for spare in every.spares()] == [2]


def test_only_drivers_that_are_needed_are_imported() -> None:
    code = (
        "import sys; from rung.runner.drivers.registry import capabilities_for; capabilities_for('cluster'); "
        "print([n for n in sys.modules if n.startswith('rung.runner.drivers.') and n.endswith('.driver')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
