"""Real machines for the tests: booted once a module, removed whatever happens."""

from __future__ import annotations

import secrets
import signal
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from booting import Boot
from cluster_fixtures import _provisioned, ask, real, reboot
from rung.checks.core.machine import Machine
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.lab.model import MachineSpec
from second_try import needs_machine

__all__ = ["_provisioned", "ask", "real", "reboot"]  # fixtures are found by their names here


def pytest_configure() -> None:
    """Ctrl-C counts in the tests and in what they start, although a shell that runs them in the background
    (`make test &` in a script) has it ignored by all its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m machines` and `-m 'not machines'` tell tests apart by what their fixtures need."""
    for item in items:
        if needs_machine(item):
            item.add_marker("machines")


@pytest.fixture(scope="session", autouse=True)
def rung_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Journals, trust and records of the tests stay out of the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNG_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def driver() -> ContainerDriver:
    """The engine that answers; `make engine` installs one where there is none."""
    return ContainerDriver.connect()


@pytest.fixture(scope="module")
def boot(driver: ContainerDriver) -> Iterator[Boot]:
    """boot("node1", "node2", capabilities=["net-admin"]) -> machines by name, removed after the module.

    A name may be a MachineSpec.
    """
    with ExitStack() as stack:

        def make(*machines: str | MachineSpec, capabilities: tuple[str, ...] = ()) -> dict[str, Machine]:
            specs = tuple(m if isinstance(m, MachineSpec) else MachineSpec(name=m) for m in machines)
            attempt = secrets.token_hex(4)
            stack.callback(driver.destroy, attempt)
            driver.provision(Plan(attempt, "test", "/nowhere", 1, "0", specs, frozenset(capabilities)))
            return {s.name: Machine(s.name, driver.channel(attempt, s.name)) for s in specs}

        yield make


@pytest.fixture(scope="module")
def node1(boot: Boot) -> Machine:
    """A plain Linux machine that the tests of a module share."""
    return boot("node1")["node1"]
