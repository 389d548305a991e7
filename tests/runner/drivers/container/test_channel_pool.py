"""One channel for each machine, however many threads open and close them."""

from __future__ import annotations

import threading
import time
from typing import Any

from rung.runner.drivers.container.channel_pool import ChannelPool
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.container.shell_channel import ShellChannel


class Engine:
    """An engine that has nothing."""

    def containers(self, *_labels: str, running: bool = False) -> list[Any]:  # noqa: ARG002
        return []

    networks = containers


def closed(_name: str = "") -> Any:
    raise AssertionError("nobody opens a shell here")


def test_two_threads_that_ask_at_once_get_one_channel() -> None:
    pool, created, found = ChannelPool(), [], []

    def create() -> ShellChannel:
        time.sleep(0.01)  # another thread asks meanwhile
        created.append(ShellChannel("node1", closed))
        return created[-1]

    threads = [threading.Thread(target=lambda: found.append(pool.get("a", "node1", create))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(created) == 1
    assert found == created * 8


def test_attempts_end_while_others_open_channels() -> None:
    engine: Any = Engine()
    driver, errors, stop = ContainerDriver(engine), [], threading.Event()

    def open_many(name: str) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            driver.channel(name, f"node{number}")

    def end_many() -> None:
        try:
            for _ in range(300):
                driver.destroy("ended")
        except RuntimeError as error:  # dictionary changed size during iteration
            errors.append(error)

    openers = [threading.Thread(target=open_many, args=(name,)) for name in ("ended", "another")]
    ender = threading.Thread(target=end_many)
    for thread in (*openers, ender):
        thread.start()
    ender.join()
    stop.set()
    for thread in openers:
        thread.join()
    assert errors == []


def test_a_machine_has_a_new_channel_after_its_attempt_ended() -> None:
    pool = ChannelPool()
    first = pool.get("a", "node1", lambda: ShellChannel("node1", closed))
    other = pool.get("b", "node1", lambda: ShellChannel("node1", closed))
    pool.close("a")
    assert pool.get("a", "node1", lambda: ShellChannel("node1", closed)) is not first
    assert pool.get("b", "node1", lambda: ShellChannel("node1", closed)) is other
