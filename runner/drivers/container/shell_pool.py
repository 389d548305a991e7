"""The shells that grading needs, opened before it asks for them: the engine takes 0.1 s for each."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from rung.runner.core.threads import submit
from rung.runner.drivers.base.labels import CLUSTER, KIND_LABEL, LABEL, cluster_name, inventory
from rung.runner.drivers.container.shell_channel import SHELL
from rung.runner.drivers.container.terminal import exec_socket

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine


_LOOK = 2.0  # seconds that a look at the engine may take, before a shell is opened all the same
_SHORT = 0.0005  # seconds after which one thread lets another go on


class Shells:
    """The grader's shells in containers, by the container's name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ahead: dict[str, Future[socket.socket]] = {}
        self._looked = threading.Event()
        self._looked.set()

    def open(self, container: str, machine: str) -> socket.socket:
        """The stream of a shell, from now on the caller's. Raises MachineGone where the machine does not run."""
        self._looked.wait(_LOOK)  # a second shell would take longer, and hold up the first
        begun = self._ahead.pop(container, None)
        if begun is not None:
            with contextlib.suppress(Exception):  # whatever it was, asking again says it
                return begun.result()
        return exec_socket(self._engine, container, machine, SHELL)

    def prewarm(self, attempt: str | None) -> None:
        """Begin to open shells on all machines of the attempt of this id, or of the only one there is."""
        self._looked.clear()
        threading.Thread(target=self._reached, args=(attempt,), daemon=True).start()

    def _reached(self, attempt: str | None) -> None:
        sys.setswitchinterval(_SHORT)  # else each answer of the engine waits 5 ms for the modules that are being loaded
        try:
            self._look(attempt)
        except Exception:
            return  # grading meets it again and says it
        finally:
            self._looked.set()

    def _look(self, attempt: str | None) -> None:
        machines = [c for c in inventory(self._engine).containers if c["Labels"][LABEL].startswith(attempt or "")]
        if len({c["Labels"][LABEL] for c in machines}) != 1:
            return
        if cluster := machines[0]["Labels"].get(CLUSTER):
            machines += self._engine.containers(f"{KIND_LABEL}={cluster_name(cluster)}", running=True)
        for container in machines:
            if container["State"] == "running":
                self._begin(container["Names"][0].removeprefix("/"))

    def _begin(self, container: str) -> None:
        self._ahead[container] = submit(lambda: exec_socket(self._engine, container, container, SHELL))
