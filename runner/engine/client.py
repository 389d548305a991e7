"""The engine's API, as far as machines need it, in its own words (docs.docker.com/reference/api/engine/version/v1.44).

Docker's SDK stays for what is built and saved, where a second does not matter: it is loaded in 75 ms, this in 15, and
every command asks the engine.
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

_OLDEST = "1.41"  # the version that is spoken where none is offered
_NEWEST = "1.44"
# By these keys the engine lets go of a terminal. Its own choice begins with Ctrl-P, by which a shell goes back in its
# history: the first would be held until the next key.
_LET_GO = "ctrl-@,ctrl-],ctrl-@,ctrl-]"
_HEAD = 8  # bytes before each piece of a stream: which one it is of, and how long it is


class Engine:
    """The engine of one place. Methods raise Refused (NotFound) where it refuses, Unanswered where it is silent."""

    def __init__(self, place: Endpoint, timeout: float = 60) -> None:
        """`timeout`: seconds that a request may take.

        Raises ValueError for a place of no kind that is known, OSError where its certificates cannot be read.
        """
        self.place = place
        self.version = _OLDEST  # of the API, until `greet` has asked which it speaks
        self._timeout = timeout
        self._wire = EngineConnection(place, timeout)

    def greet(self, seconds: float | None = None) -> Mapping[str, str]:
        """Ask within so many seconds (else the usual ones) whether it is there; the headers tell the version it speaks.

        /version would say as much, but Docker runs three programs for it (50 ms).
        """
        headers = self._wire.ask("GET", "/_ping", timeout=seconds).headers
        self.version = min(headers.get("Api-Version", _OLDEST), _NEWEST, key=_numbers)
        return headers

    @cached_property
    def sdk(self) -> DockerClient:
        """Docker's SDK for the same engine. Its methods raise errors of their own.

        Raises EnvironmentBroken for an engine by ssh, for which the SDK would want an ssh of its own.
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
        """End its connections; a later request opens one again."""
        self._wire.close()
        if "sdk" in self.__dict__:
            self.sdk.close()
            del self.__dict__["sdk"]

    # -- what it is

    def info(self) -> dict[str, Any]:
        return self._get("/info")  # type: ignore[no-any-return]

    def podman_info(self) -> dict[str, Any]:
        """What only Podman's own API tells."""
        return self._wire.ask("GET", "/v4.0.0/libpod/info").json()  # type: ignore[no-any-return]

    # -- containers

    def containers(self, *labels: str, running: bool = False) -> list[dict[str, Any]]:
        """Containers that bear all of these labels (`key` or `key=value`), those that run or all."""
        return self._get("/containers/json", {"all": int(not running), **_bearing(labels)})  # type: ignore[no-any-return]

    def inspect_container(self, container: str) -> dict[str, Any]:
        return self._get(f"/containers/{name(container)}/json")  # type: ignore[no-any-return]

    def create_container(self, container: str, config: Mapping[str, Any]) -> None:
        self._ask("POST", "/containers/create", query={"name": container}, body=config)

    def start(self, container: str) -> None:
        self._ask("POST", f"/containers/{name(container)}/start")

    def stop(self, container: str, seconds: int) -> None:
        """End it; what is left after so many seconds is killed."""
        at = f"/containers/{name(container)}/stop"
        self._ask("POST", at, query={"t": seconds}, timeout=self._timeout + seconds)

    def pause(self, container: str) -> None:
        self._ask("POST", f"/containers/{name(container)}/pause")

    def unpause(self, container: str) -> None:
        self._ask("POST", f"/containers/{name(container)}/unpause")

    def remove_container(self, container: str) -> None:
        """Remove it and its volumes, whatever runs in it."""
        self._ask("DELETE", f"/containers/{name(container)}", query={"v": 1, "force": 1})

    def logs(self, container: str, lines: int) -> bytes:
        """The last lines that it wrote, on either stream."""
        query = {"stdout": 1, "stderr": 1, "tail": lines}
        return _joined(self._ask("GET", f"/containers/{name(container)}/logs", query=query).body)

    def put_archive(self, container: str, folder: str, archive: bytes) -> None:
        """Unpack a tar archive below a folder."""
        self._ask("PUT", f"/containers/{name(container)}/archive", query={"path": folder}, body=archive)

    def get_archive(self, container: str, path: str) -> bytes:
        """A tar archive of a file or folder."""
        return self._ask("GET", f"/containers/{name(container)}/archive", query={"path": path}).body

    # -- commands in them, as root

    def run(self, container: str, command: Sequence[str], *, privileged: bool = False) -> tuple[int, bytes]:
        """Run a command to its end; its exit status, and what it wrote on both streams."""
        made = self._exec(container, command, Privileged=privileged)
        output = _joined(self._ask("POST", f"/exec/{made}/start", body={"Detach": False, "Tty": False}).body)
        return self._get(f"/exec/{made}/json")["ExitCode"], output

    def shell(self, container: str, command: Sequence[str]) -> socket.socket:
        """Start a command; its input, and what it writes, each piece after a head of 8 bytes (byte 0: 1 or 2, the
        stream; 4 to 7: the length)."""
        made = self._exec(container, command, AttachStdin=True)
        return self._wire.stream(self._at(f"/exec/{made}/start"), {"Detach": False, "Tty": False})

    def terminal(self, container: str, command: Sequence[str], term: str) -> tuple[str, socket.socket]:
        """Start a command on a pseudo-terminal of the kind `term`; its id, and the terminal's other end."""
        keys = {"DetachKeys": _LET_GO, "Tty": True}
        made = self._exec(container, command, AttachStdin=True, Env=[f"TERM={term}"], **keys)
        return made, self._wire.stream(self._at(f"/exec/{made}/start"), {"Detach": False, "Tty": True})

    def resize(self, command: str, rows: int, columns: int) -> None:
        """Give a command's terminal another size."""
        self._ask("POST", f"/exec/{command}/resize", query={"h": rows, "w": columns})

    def exit_status(self, command: str) -> int | None:
        """The exit status of a command by its id; None while it runs."""
        return self._get(f"/exec/{command}/json").get("ExitCode")  # type: ignore[no-any-return]

    def _exec(self, container: str, command: Sequence[str], **options: Any) -> str:
        wanted = {"Cmd": list(command), "User": "root", "AttachStdout": True, "AttachStderr": True, **options}
        return str(self._ask("POST", f"/containers/{name(container)}/exec", body=wanted).json()["Id"])

    # -- networks

    def networks(self, *labels: str) -> list[dict[str, Any]]:
        """Networks that bear all of these labels."""
        return self._get("/networks", _bearing(labels))  # type: ignore[no-any-return]

    def inspect_network(self, network: str) -> dict[str, Any]:
        return self._get(f"/networks/{name(network)}")  # type: ignore[no-any-return]

    def create_network(self, network: str, config: Mapping[str, Any]) -> None:
        self._ask("POST", "/networks/create", body={"Name": network, "CheckDuplicate": True, **config})

    def remove_network(self, network: str) -> None:
        self._ask("DELETE", f"/networks/{name(network)}")

    def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Put a container on a network."""
        self._ask(
            "POST", f"/networks/{name(network)}/connect", body={"Container": container, "EndpointConfig": endpoint}
        )

    def disconnect(self, network: str, container: str) -> None:
        self._ask("POST", f"/networks/{name(network)}/disconnect", body={"Container": container})

    # -- images

    def images(self) -> list[dict[str, Any]]:
        return self._get("/images/json")  # type: ignore[no-any-return]

    def image(self, image: str) -> dict[str, Any] | None:
        """What it knows of an image; None where it has none of that name."""
        try:
            return self._get(f"/images/{name(image)}/json")  # type: ignore[no-any-return]
        except NotFound:
            return None

    def remove_image(self, image: str) -> None:
        self._ask("DELETE", f"/images/{name(image)}")

    def disk_use(self) -> dict[str, Any]:
        return self._get("/system/df")  # type: ignore[no-any-return]

    # -- how it is asked

    def _ask(self, method: str, path: str, **asked: Any) -> EngineAnswer:
        """As `Wire.ask`, in the version of the API that both speak."""
        return self._wire.ask(method, self._at(path), **asked)

    def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return self._ask("GET", path, query=query).json()

    def _at(self, path: str) -> str:
        return f"/v{self.version}{path}"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _bearing(labels: Iterable[str]) -> dict[str, str]:
    wanted = list(labels)
    return {"filters": json.dumps({"label": wanted})} if wanted else {}


def _joined(stream: bytes) -> bytes:
    """What a stream's pieces say, without their heads."""
    pieces = []
    while stream:
        size = int.from_bytes(stream[4:_HEAD], "big")
        pieces.append(stream[_HEAD : _HEAD + size])
        stream = stream[_HEAD + size :]
    return b"".join(pieces)
