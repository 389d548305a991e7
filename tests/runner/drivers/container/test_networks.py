"""Subnets are small, explicit and free; addresses are fixed; names are known on every machine."""

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.container.networks import (
    POOL,
    addresses,
    candidates,
    hardware_address,
    host_routes,
    known_names,
    networks_of,
)
from rung.runner.lab.model import MachineSpec


def plan(*machines: MachineSpec, capabilities: frozenset[str] = frozenset()) -> Plan:
    return Plan("0000abcd", "lab", "/labs/lab", 1, "0", machines, capabilities)


NODE1, NODE2 = MachineSpec(name="node1"), MachineSpec(name="node2")


def test_a_machine_alone_has_no_network() -> None:
    assert networks_of(plan(NODE1)) == {}


def test_a_machine_alone_that_needs_the_internet_has_one() -> None:
    assert networks_of(plan(NODE1, capabilities=frozenset({"internet"}))) == {"lab": [NODE1]}


def test_machines_that_name_no_network_share_one() -> None:
    assert networks_of(plan(NODE1, NODE2)) == {"lab": [NODE1, NODE2]}


def test_machines_are_on_the_networks_that_they_name() -> None:
    gate = MachineSpec(name="gate", networks=["office", "guest"])
    desk = MachineSpec(name="desk", networks=["office"])
    assert networks_of(plan(gate, desk)) == {"office": [gate, desk], "guest": [gate]}


def test_addresses_are_given_in_the_order_of_the_lab() -> None:
    assert addresses("10.213.0.16/28", [NODE1, NODE2]) == {"node1": "10.213.0.18", "node2": "10.213.0.19"}


def test_more_machines_than_a_subnet_holds_are_refused() -> None:
    many = [MachineSpec(name=f"node{i}") for i in range(14)]
    with pytest.raises(ValueError, match=r"^14 machines do not fit into 10\.213\.0\.0/28$"):
        addresses("10.213.0.0/28", many)


@given(st.text(), st.lists(st.sampled_from(["10.213.0.0/17", "10.213.128.0/20", "192.168.0.0/16", "10.213.250.16/28"])))
def test_a_candidate_lies_in_the_pool_and_overlaps_nothing_taken(key: str, taken: list[str]) -> None:
    subnet = ipaddress.ip_network(next(candidates(key, taken)))
    assert subnet.subnet_of(POOL)  # type: ignore[arg-type]
    assert not any(subnet.overlaps(ipaddress.ip_network(t)) for t in taken)


def test_a_full_pool_has_no_candidate() -> None:
    assert list(candidates("a", ["10.0.0.0/8"])) == []


def test_the_hosts_routes_are_read_from_the_kernels_table(tmp_path: Path) -> None:
    table = tmp_path / "route"
    table.write_text(
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\n"
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\n"
    )
    assert host_routes(table) == ["172.17.0.0/16"]
    assert host_routes(tmp_path / "none") == []


def test_a_machine_knows_its_peers_by_the_network_they_share() -> None:
    gate = MachineSpec(name="gate", networks=["office", "guest"])
    visitor = MachineSpec(name="visitor", networks=["guest"])
    members = networks_of(plan(gate, visitor))
    subnets = {"office": "10.213.0.0/28", "guest": "10.213.0.16/28"}
    assert known_names(subnets, members, "visitor") == {"gate": "10.213.0.18", "visitor": "10.213.0.19"}
    assert known_names(subnets, members, "gate") == {"gate": "10.213.0.2", "visitor": "10.213.0.19"}


def test_a_machine_on_no_network_knows_its_own_name() -> None:
    assert known_names({}, {}, "node1") == {"node1": "127.0.1.1"}


def test_a_hardware_address_follows_from_the_address() -> None:
    assert hardware_address("10.213.15.98") == "02:42:0a:d5:0f:62"
