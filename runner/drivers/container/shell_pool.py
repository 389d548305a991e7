"""The shells that grading needs, opened before it needs them: the engine takes 0.1 s for each."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from rung.runner.core.threads import submit
from rung.runner.drivers.base.labels import CLUSTER, KIND_LABEL, LABEL, cluster_name, inventory
from rung.runner.drivers.container.shell_channel import SHELL
from rung.runner.drivers.container.terminal import exec_socket

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine
    from rung.runner.engine.exec_stream import ExecSocket


_LOOK_SECONDS = 2.0  # for listing the machines, before a shell is opened without waiting for it


class ShellPool:
    """The grader's shells in containers, by the container's name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._begun: dict[str, Future[ExecSocket]] = {}
        self._listed = threading.Event()  # set while `prewarm` is not listing machines
        self._listed.set()

    def open(self, container: str, machine: str) -> ExecSocket:
        """The stream of a new shell, which the caller closes. Raises MachineGone where the machine does not run."""
        self._listed.wait(_LOOK_SECONDS)  # a second shell would take longer, and delay the first
        begun = self._begun.pop(container, None)
        if begun is not None:
            with contextlib.suppress(Exception):  # the next attempt raises it again
                return begun.result()
        return exec_socket(self._engine, container, machine, SHELL)

    def prewarm(self, attempt: str | None) -> None:
        """Begin to open shells on all machines of the attempt whose id begins so, or of the only attempt."""
        self._listed.clear()
        threading.Thread(target=self._begin_all, args=(attempt,), daemon=True).start()

    def _begin_all(self, attempt: str | None) -> None:
        with contextlib.suppress(Exception):  # grading meets the error again and reports it
            for container in self._running(attempt):
                self._begin(container)
        self._listed.set()

    def _running(self, attempt: str | None) -> list[str]:
        """The containers that run, if exactly one attempt is meant."""
        machines = [c for c in inventory(self._engine).containers if c["Labels"][LABEL].startswith(attempt or "")]
        if len({container["Labels"][LABEL] for container in machines}) != 1:
            return []
        if cluster := machines[0]["Labels"].get(CLUSTER):
            machines += self._engine.containers(f"{KIND_LABEL}={cluster_name(cluster)}", running=True)
        return [c["Names"][0].removeprefix("/") for c in machines if c["State"] == "running"]

    def _begin(self, container: str) -> None:
        self._begun[container] = submit(lambda: exec_socket(self._engine, container, container, SHELL))
