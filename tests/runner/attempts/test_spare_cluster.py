"""When a spare cluster is made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rung.runner.attempts import spare_cluster
from rung.runner.attempts.spare_cluster import renew, spare_unwanted
from rung.runner.drivers.base.plan import SpareCluster
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.drivers.kind.pool import ROOM
from rung.runner.lab.model import ClusterSpec


def test_a_spare_is_made_where_memory_allows_it() -> None:
    assert spare_unwanted(FakeDriver(), 0, ROOM) is None


def test_below_six_gib_none_is_made() -> None:
    expected = "5.9 GiB of memory are free; a spare cluster is made only where 6 GiB are."
    assert spare_unwanted(FakeDriver(), 0, int(5.9 * (1 << 30))) == expected


@pytest.mark.parametrize(("making", "why_not"), [(True, "There is a spare cluster already."), (False, None)])
def test_one_that_is_not_ready_counts_while_it_is_being_made(making: bool, why_not: str | None) -> None:
    driver = FakeDriver()
    driver.spare_clusters.append(SpareCluster("0a1b2c3d", (), datetime.now(UTC), False, 1, making))
    assert spare_unwanted(driver, 0, ROOM) == why_not


def test_one_spare_of_a_size_is_enough() -> None:
    driver = FakeDriver()
    driver.prepare(ClusterSpec(workers=1))
    assert spare_unwanted(driver, 1, ROOM) == "There is a spare cluster already."
    assert spare_unwanted(driver, 0, ROOM) is None


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The workers of the spares that were begun in the background."""
    found: list[int] = []
    monkeypatch.setattr(spare_cluster, "make_spare", found.append)
    monkeypatch.setattr(spare_cluster, "available_memory", lambda: ROOM)
    return found


def test_a_lab_that_uses_its_cluster_up_has_the_next_one_made(begun: list[int]) -> None:
    renew(FakeDriver(), 1)
    assert begun == [1]


def test_where_a_spare_waits_already_nothing_is_begun(begun: list[int]) -> None:
    driver = FakeDriver()
    driver.prepare(ClusterSpec())
    renew(driver, 0)
    assert begun == []


def test_what_is_left_over_goes_in_the_background_also_where_memory_allows_no_spare(
    begun: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare_cluster, "available_memory", lambda: ROOM - 1)
    driver = FakeDriver()
    renew(driver, 0)
    assert begun == []
    driver.spare_clusters.append(SpareCluster("0a1b2c3d", (), datetime.now(UTC), False, 1))
    renew(driver, 0)
    assert begun == [0]
