"""The grader's channels of one driver: one for each machine, whichever threads ask for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rung.runner.drivers.container.shell_channel import ShellChannel


class ChannelPool:
    """Channels by (attempt, machine). Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[tuple[str, str], ShellChannel] = {}

    def get(self, attempt: str, machine: str, create: Callable[[], ShellChannel]) -> ShellChannel:
        """The machine's channel, from `create` at its first use (which opens no shell yet, and so is fast)."""
        with self._lock:
            found = self._channels.get((attempt, machine))
            if found is None:
                found = self._channels[attempt, machine] = create()
            return found

    def close(self, attempt: str) -> None:
        """Close and drop the channels to an attempt's machines."""
        with self._lock:
            closed = [self._channels.pop(key) for key in list(self._channels) if key[0] == attempt]
        for channel in closed:  # without the lock: a channel that runs a command closes when that has ended
            channel.close()
