"""The texts that decisions rest on, as the programs print them."""

from __future__ import annotations

import pytest

from rung.runner.core.errors import EngineRefused, EnvironmentBroken
from rung.runner.drivers.base.error_texts import (
    awaits_service_account,
    is_port_taken,
    is_subnet_taken,
    lacks_kernel_resources,
)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("invalid pool request: Pool overlaps with other one on this address space", True),
        ("subnet 10.213.0.0/28 is already used on the host or by another config", True),
        ("could not find an available, non-overlapping IPv4 address pool", True),
        ("permission denied", False),
    ],
)
def test_a_subnet_that_another_network_has(text: str, taken: bool) -> None:
    assert is_subnet_taken(EngineRefused(f"The engine refused while creating network x: {text}")) is taken


def test_a_port_that_another_process_took() -> None:
    bind = "Bind for 127.0.0.1:34567 failed: port is already allocated"
    assert is_port_taken(EnvironmentBroken(f"`kind create cluster` ended with status 1:\n{bind}"))
    assert not is_port_taken(EnvironmentBroken("`kind create cluster` ended with status 1:\nno space left on device"))


def test_a_service_account_that_does_not_exist_yet() -> None:
    looked = 'pods "web" is forbidden: error looking up service account inn/default: serviceaccount "default" not found'
    assert awaits_service_account(looked)
    assert not awaits_service_account('pods "web" is forbidden: exceeded quota: pods, requested: pods=1')


def test_units_that_failed_for_want_of_kernel_resources() -> None:
    assert lacks_kernel_resources("     Active: failed (Result: resources) since Sat 2026-11-28")
    assert not lacks_kernel_resources("     Active: failed (Result: exit-code) since Sat 2026-11-28")
