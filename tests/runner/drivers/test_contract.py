"""What every driver does, whichever it is: a new driver is one more line in DRIVERS here."""

from __future__ import annotations

import io
import secrets
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from rung.checks.core.channel import Channel, MachineGone
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.base.protocols import Driver
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.drivers.registry import DRIVERS as REGISTERED
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.lab.model import MachineSpec

# Driver -> its constructor. A driver of machines that boots real ones has the mark.
DRIVERS: dict[str, Callable[[], Driver]] = {"fake": FakeDriver, "container": ContainerDriver.connect}
REAL = {"container"}


@pytest.fixture(
    scope="module", params=[pytest.param(n, marks=[pytest.mark.machines] if n in REAL else []) for n in DRIVERS]
)
def made(request: pytest.FixtureRequest) -> Iterator[tuple[Driver, Plan]]:
    """A driver, and the plan of two machines that it has provisioned."""
    driver = DRIVERS[request.param]()
    machines = (MachineSpec(name="node1"), MachineSpec(name="node2"))
    plan = Plan(secrets.token_hex(4), "a-lab", "/labs/a-lab", 7, "abc", machines)
    try:
        driver.provision(plan)
        yield driver, plan
    finally:
        driver.destroy(plan.attempt)


Made = tuple[Driver, Plan]


def states(made: Made) -> dict[str, str]:
    driver, plan = made
    (found,) = [found for found in driver.attempts() if found.attempt == plan.attempt]
    return {machine.name: machine.state for machine in found.machines}


def test_its_name_is_its_key_in_the_registry(made: Made) -> None:
    assert made[0].name in REGISTERED


def test_a_capability_is_there_or_has_a_reason_and_the_registry_tells_the_same(made: Made) -> None:
    driver, plan = made
    found = driver.capabilities()
    assert "systemd" in found
    assert all(reason is None or reason for reason in found.values())
    assert DriverRegistry.of(driver).capabilities_for(plan.need) == found


def test_an_attempt_is_described_as_it_was_planned(made: Made) -> None:
    driver, plan = made
    (found,) = [found for found in driver.attempts() if found.attempt == plan.attempt]
    assert (found.lab, found.path, found.seed, found.digest) == ("a-lab", "/labs/a-lab", 7, "abc")
    assert (found.expected, [m.name for m in found.machines], found.own) == (2, ["node1", "node2"], None)
    assert states(made) == {"node1": "running", "node2": "running"}


def test_a_machine_has_one_channel_whichever_thread_asks(made: Made) -> None:
    driver, plan = made
    together = Barrier(8)

    def ask(_number: int) -> Channel:
        together.wait()
        return driver.channel(plan.attempt, "node1")

    with ThreadPoolExecutor(8) as pool:
        channels = list(pool.map(ask, range(8)))
    assert all(channel is channels[0] for channel in channels)
    assert channels[0].run("true").rc == 0


def test_files_are_put_into_a_machine(made: Made) -> None:
    driver, plan = made
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("empty"))
    driver.put(plan.attempt, "node1", buffer.getvalue(), "/root")
    assert driver.channel(plan.attempt, "node1").run("test -e /root/empty").rc == 0


def test_a_machine_answers_after_a_restart(made: Made) -> None:
    driver, plan = made
    driver.reboot(plan.attempt, "node1")
    assert driver.channel(plan.attempt, "node1").run("true").rc == 0


def test_machines_are_paused_and_resumed(made: Made) -> None:
    driver, plan = made
    driver.pause(plan.attempt)
    assert set(states(made).values()) == {"paused"}
    driver.resume(plan.attempt)
    assert set(states(made).values()) == {"running"}
    assert driver.channel(plan.attempt, "node2").run("true").rc == 0


def test_machines_are_halted_and_revived(made: Made) -> None:
    driver, plan = made
    driver.halt(plan.attempt)
    assert set(states(made).values()) == {"stopped"}
    with pytest.raises(MachineGone):
        driver.channel(plan.attempt, "node1").run("true")
    assert sorted(driver.revive(plan.attempt)) == ["node1", "node2"]
    assert driver.revive(plan.attempt) == []
    assert driver.channel(plan.attempt, "node1").run("true").rc == 0


def test_nothing_is_left_after_destroy_and_destroying_twice_is_no_error(made: Made) -> None:
    driver, plan = made
    driver.destroy(plan.attempt)
    assert [found for found in driver.attempts() if found.attempt == plan.attempt] == []
    driver.destroy(plan.attempt)
