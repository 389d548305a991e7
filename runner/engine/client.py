"""Requests of the engine's API that machines need (docs.docker.com/reference/api/engine/version/v1.44).

Docker's SDK serves where images are built and saved, which takes seconds anyway: importing it takes 155 ms, this
module 15 ms, and every command asks the engine.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.engine.endpoints import Endpoint
from rung.runner.engine.http import EngineAnswer, EngineConnection, NotFound, Refused, Unanswered, name

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["Engine", "NotFound", "Refused", "Unanswered"]

_OLDEST = "1.41"  # version of the API for an engine that does not name one
_NEWEST = "1.44"
# Keys that detach from a terminal. The engine's default begins with Ctrl-P, which shells use for their history: the
# engine would hold it back until the next key.
_DETACH_KEYS = "ctrl-@,ctrl-],ctrl-@,ctrl-]"
_HEADER_BYTES = 8  # before each piece of a stream: which stream it belongs to, and its length


class Engine:
    """The engine at one endpoint. Methods raise Refused (NotFound) where it refuses, Unanswered where it is silent."""

    def __init__(self, place: Endpoint, timeout: float = 60) -> None:
        """`timeout`: seconds that a request may take.

        Raises ValueError for an endpoint of an unknown scheme, OSError where its certificates cannot be read.
        """
        self.place = place
        self.version = _OLDEST  # of the API, until `greet` asks the engine
        self._timeout = timeout
        self._connection = EngineConnection(place, timeout)

    def greet(self, seconds: float | None = None) -> Mapping[str, str]:
        """Ask whether the engine is there, and learn the version of its API; the headers of its answer.

        `seconds`: how long to wait, by default the engine's timeout. The request /version would tell the same, but
        Docker runs three programs to answer it (50 ms).
        """
        headers = self._connection.ask("GET", "/_ping", timeout=seconds).headers
        self.version = min(headers.get("Api-Version", _OLDEST), _NEWEST, key=_numbers)
        return headers

    @cached_property
    def sdk(self) -> DockerClient:
        """Docker's SDK for the same engine. Its methods raise the SDK's own errors.

        Raises EnvironmentBroken for an engine that is reached by ssh: the SDK needs an ssh library for that.
        """
        if self.place.url.startswith("ssh://"):
            raise EnvironmentBroken(
                f"Images cannot be built on {self.place.url} from here.",
                fix="Run `rung images build` on that computer, or `docker save` here and `docker load` there.",
            )
        import docker

        tls = self.place.tls() or False
        return docker.DockerClient(self.place.url, version=self.version, timeout=round(self._timeout), tls=tls)

    def close(self) -> None:
        """Close the connections; a later request opens a new one."""
        self._connection.close()
        if "sdk" in self.__dict__:
            self.sdk.close()
            del self.__dict__["sdk"]

    # -- the engine itself

    def info(self) -> dict[str, Any]:
        return self._get("/info")  # type: ignore[no-any-return]

    def podman_info(self) -> dict[str, Any]:
        """The answer of Podman's own API to `info`, which has more than its Docker API."""
        return self._connection.ask("GET", "/v4.0.0/libpod/info").json()  # type: ignore[no-any-return]

    # -- containers

    def containers(self, *labels: str, running: bool = False) -> list[dict[str, Any]]:
        """Containers with all of these labels (`key` or `key=value`). `running`: only those that run."""
        return self._get("/containers/json", {"all": int(not running), **_label_filter(labels)})  # type: ignore[no-any-return]

    def inspect_container(self, container: str) -> dict[str, Any]:
        return self._get(f"/containers/{name(container)}/json")  # type: ignore[no-any-return]

    def create_container(self, container: str, config: Mapping[str, Any]) -> None:
        self._ask("POST", "/containers/create", query={"name": container}, body=config)

    def start(self, container: str) -> None:
        self._ask("POST", f"/containers/{name(container)}/start")

    def stop(self, container: str, seconds: int) -> None:
        """Stop a container; after `seconds` the engine kills what still runs in it."""
        at = f"/containers/{name(container)}/stop"
        self._ask("POST", at, query={"t": seconds}, timeout=self._timeout + seconds)

    def pause(self, container: str) -> None:
        self._ask("POST", f"/containers/{name(container)}/pause")

    def unpause(self, container: str) -> None:
        self._ask("POST", f"/containers/{name(container)}/unpause")

    def remove_container(self, container: str) -> None:
        """Remove a container with its volumes, even if it runs."""
        self._ask("DELETE", f"/containers/{name(container)}", query={"v": 1, "force": 1})

    def logs(self, container: str, lines: int) -> bytes:
        """The last lines that the container wrote to stdout and stderr."""
        query = {"stdout": 1, "stderr": 1, "tail": lines}
        return _without_headers(self._ask("GET", f"/containers/{name(container)}/logs", query=query).body)

    def put_archive(self, container: str, folder: str, archive: bytes) -> None:
        """Unpack a tar archive into a folder of the container."""
        self._ask("PUT", f"/containers/{name(container)}/archive", query={"path": folder}, body=archive)

    def get_archive(self, container: str, path: str) -> bytes:
        """A tar archive of a file or folder."""
        return self._ask("GET", f"/containers/{name(container)}/archive", query={"path": path}).body

    # -- commands in them, as root

    def run(self, container: str, command: Sequence[str], *, privileged: bool = False) -> tuple[int, bytes]:
        """Run a command to its end; its exit status, and its stdout and stderr together."""
        made = self._exec(container, command, Privileged=privileged)
        output = _without_headers(self._ask("POST", f"/exec/{made}/start", body={"Detach": False, "Tty": False}).body)
        return self._get(f"/exec/{made}/json")["ExitCode"], output

    def shell(self, container: str, command: Sequence[str]) -> socket.socket:
        """Start a command and return a connection: what is sent is its stdin, and what it writes arrives in pieces.

        Each piece follows a header of 8 bytes: byte 0 is the stream (1 stdout, 2 stderr), bytes 4 to 7 are the length.
        """
        made = self._exec(container, command, AttachStdin=True)
        return self._connection.stream(self._at(f"/exec/{made}/start"), {"Detach": False, "Tty": False})

    def terminal(self, container: str, command: Sequence[str], term: str) -> tuple[str, socket.socket]:
        """Start a command on a pseudo-terminal; its id, and a connection to the terminal. `term`: its TERM."""
        keys = {"DetachKeys": _DETACH_KEYS, "Tty": True}
        made = self._exec(container, command, AttachStdin=True, Env=[f"TERM={term}"], **keys)
        return made, self._connection.stream(self._at(f"/exec/{made}/start"), {"Detach": False, "Tty": True})

    def resize(self, command: str, rows: int, columns: int) -> None:
        """Change the size of a command's terminal."""
        self._ask("POST", f"/exec/{command}/resize", query={"h": rows, "w": columns})

    def exit_status(self, command: str) -> int | None:
        """The exit status of the command with this id; None while it runs."""
        return self._get(f"/exec/{command}/json").get("ExitCode")  # type: ignore[no-any-return]

    def _exec(self, container: str, command: Sequence[str], **options: Any) -> str:
        wanted = {"Cmd": list(command), "User": "root", "AttachStdout": True, "AttachStderr": True, **options}
        return str(self._ask("POST", f"/containers/{name(container)}/exec", body=wanted).json()["Id"])

    # -- networks

    def networks(self, *labels: str) -> list[dict[str, Any]]:
        """Networks with all of these labels."""
        return self._get("/networks", _label_filter(labels))  # type: ignore[no-any-return]

    def inspect_network(self, network: str) -> dict[str, Any]:
        return self._get(f"/networks/{name(network)}")  # type: ignore[no-any-return]

    def create_network(self, network: str, config: Mapping[str, Any]) -> None:
        self._ask("POST", "/networks/create", body={"Name": network, "CheckDuplicate": True, **config})

    def remove_network(self, network: str) -> None:
        self._ask("DELETE", f"/networks/{name(network)}")

    def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Connect a container to a network."""
        self._ask(
            "POST", f"/networks/{name(network)}/connect", body={"Container": container, "EndpointConfig": endpoint}
        )

    def disconnect(self, network: str, container: str) -> None:
        self._ask("POST", f"/networks/{name(network)}/disconnect", body={"Container": container})

    # -- images

    def images(self) -> list[dict[str, Any]]:
        return self._get("/images/json")  # type: ignore[no-any-return]

    def image(self, image: str) -> dict[str, Any] | None:
        """The engine's description of an image; None where the engine has no image of that name."""
        try:
            return self._get(f"/images/{name(image)}/json")  # type: ignore[no-any-return]
        except NotFound:
            return None

    def remove_image(self, image: str) -> None:
        self._ask("DELETE", f"/images/{name(image)}")

    def disk_use(self) -> dict[str, Any]:
        return self._get("/system/df")  # type: ignore[no-any-return]

    # -- requests

    def _ask(self, method: str, path: str, **asked: Any) -> EngineAnswer:
        """As `EngineConnection.ask`, with the version of the API in the path."""
        return self._connection.ask(method, self._at(path), **asked)

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return self._ask("GET", path, query=query).json()

    def _at(self, path: str) -> str:
        return f"/v{self.version}{path}"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _label_filter(labels: Iterable[str]) -> dict[str, str]:
    wanted = list(labels)
    return {"filters": json.dumps({"label": wanted})} if wanted else {}


def _without_headers(stream: bytes) -> bytes:
    """The content of a stream's pieces, without their headers."""
    pieces = []
    while stream:
        size = int.from_bytes(stream[4:_HEADER_BYTES], "big")
        pieces.append(stream[_HEADER_BYTES : _HEADER_BYTES + size])
        stream = stream[_HEADER_BYTES + size :]
    return b"".join(pieces)
