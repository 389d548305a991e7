"""The engine, asked through Docker's SDK: the requests that machines and clusters need.

Methods raise the SDK's own errors: docker.errors.APIError (NotFound) where the engine refuses, an error of requests
where it does not answer. `rung.runner.engine.errors` translates them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docker.errors import DockerException, NotFound
from docker.utils import parse_host

from rung.runner.engine.endpoints import Endpoint
from rung.runner.engine.exec_stream import ExecSocket, output_of
from rung.runner.engine.sdk import ApiClient, DockerClient
from rung.runner.engine.ssh_bridge import SshBridge

__all__ = ["Engine"]

# Keys that detach from a terminal. The engine's default begins with Ctrl-P, which shells use for their history: the
# engine would hold it back until the next key.
_DETACH_KEYS = "ctrl-@,ctrl-],ctrl-@,ctrl-]"


class Engine:
    """The engine at one endpoint."""

    def __init__(self, endpoint: Endpoint, timeout: int = 60) -> None:
        """`timeout`: seconds that a request may take.

        Raises ValueError for an endpoint of an unknown scheme, OSError where its certificates cannot be read.
        """
        try:
            address = parse_host(endpoint.url, tls=endpoint.certificates is not None)
        except (DockerException, ValueError):
            address = ""
        if address in ("", "http+unix:"):
            raise ValueError(f"`{endpoint.url}` is not an address of an engine")
        self.place = endpoint
        self._timeout = timeout
        self._bridge: SshBridge | None = None
        self._tls = endpoint.tls() or False
        self._sdk: DockerClient | None = None

    def greet(self, seconds: int | None = None) -> None:
        """Connect, and agree on a version of the API with the engine.

        `seconds`: how long to wait for its answer, by default the engine's timeout.
        """
        if self.place.url.startswith("ssh://") and self._bridge is None:
            self._bridge = SshBridge(self.place.url)
        url = self.place.url if self._bridge is None else self._bridge.url
        sdk = DockerClient(url, "auto", seconds or self._timeout, tls=self._tls)
        sdk.api.timeout = self._timeout
        self._sdk = sdk

    @property
    def sdk(self) -> DockerClient:
        """The SDK's objects for images and containers, for what is built and saved."""
        if self._sdk is None:
            self.greet()
        assert self._sdk is not None
        return self._sdk

    @property
    def api(self) -> ApiClient:
        """The SDK's client."""
        return self.sdk.api

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        if self._sdk is not None:
            self._sdk.close()
            self._sdk = None
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None

    # -- the engine itself

    def version(self) -> dict[str, Any]:
        """What the engine says of its versions and its components."""
        return self.api.version()

    def info(self) -> dict[str, Any]:
        return self.api.info()

    def podman_info(self) -> dict[str, Any]:
        """The answer of Podman's own API to `info`, which has more than its Docker API."""
        answer = self.api.get(f"{self.api.base_url}/v4.0.0/libpod/info", timeout=self._timeout)
        return dict(answer.json()) if answer.ok else {}

    # -- containers

    def containers(self, *labels: str, running: bool = False) -> list[dict[str, Any]]:
        """Containers with all of these labels (`key` or `key=value`). `running`: only those that run."""
        return self.api.containers(all=not running, filters={"label": list(labels)})  # type: ignore[no-any-return]

    def inspect_container(self, container: str) -> dict[str, Any]:
        return self.api.inspect_container(container)  # type: ignore[no-any-return]

    def create_container(self, container: str, config: Mapping[str, Any]) -> None:
        self.api.create_container_from_config(dict(config), container)  # type: ignore[no-untyped-call]

    def start(self, container: str) -> None:
        self.api.start(container)

    def stop(self, container: str, seconds: int) -> None:
        """Stop a container; after `seconds` the engine kills what still runs in it."""
        self.api.stop(container, timeout=seconds)

    def pause(self, container: str) -> None:
        self.api.pause(container)

    def unpause(self, container: str) -> None:
        self.api.unpause(container)

    def remove_container(self, container: str) -> None:
        """Remove a container with its volumes, even if it runs."""
        self.api.remove_container(container, v=True, force=True)

    def logs(self, container: str, lines: int) -> bytes:
        """The last lines that the container wrote to stdout and stderr."""
        return bytes(self.api.logs(container, tail=lines))

    def put_archive(self, container: str, folder: str, archive: bytes) -> None:
        """Unpack a tar archive into a folder of the container."""
        self.api.put_archive(container, folder, archive)

    def get_archive(self, container: str, path: str) -> bytes:
        """A tar archive of a file or folder."""
        stream, _ = self.api.get_archive(container, path)
        return b"".join(stream)

    # -- commands in them, as root

    def run(self, container: str, command: Sequence[str], *, privileged: bool = False) -> tuple[int, bytes]:
        """Run a command to its end; its exit status, and its stdout and stderr together."""
        made = self.api.exec_create(container, list(command), privileged=privileged, user="root")["Id"]
        output = output_of(self.api.exec_start(made, socket=True))
        return self.api.exec_inspect(made)["ExitCode"], output

    def shell(self, container: str, command: Sequence[str]) -> ExecSocket:
        """Start a command and return a connection: what is sent is its stdin, and what it writes arrives in pieces.

        Each piece follows a header of 8 bytes: byte 0 is the stream (1 stdout, 2 stderr), bytes 4 to 7 are the length.
        The command must write nothing before it is sent something (see `exec_stream`).
        """
        made = self.api.exec_create(container, list(command), stdin=True, user="root")["Id"]
        return ExecSocket(self.api.exec_start(made, socket=True))

    def terminal(self, container: str, command: Sequence[str], term: str) -> tuple[str, ExecSocket]:
        """Start a command on a pseudo-terminal; its id, and a connection to the terminal. `term`: its TERM.

        The command must write nothing before it is sent something, as for `shell`.
        """
        made = self.api.exec_create(
            container,
            list(command),
            stdin=True,
            tty=True,
            user="root",
            environment={"TERM": term},
            detach_keys=_DETACH_KEYS,
        )["Id"]
        return made, ExecSocket(self.api.exec_start(made, tty=True, socket=True))

    def resize(self, command: str, rows: int, columns: int) -> None:
        """Change the size of a command's terminal."""
        self.api.exec_resize(command, height=rows, width=columns)

    def exit_status(self, command: str) -> int | None:
        """The exit status of the command with this id; None while it runs."""
        return self.api.exec_inspect(command).get("ExitCode")

    # -- networks

    def networks(self, *labels: str) -> list[dict[str, Any]]:
        """Networks with all of these labels."""
        return self.api.networks(filters={"label": list(labels)})  # type: ignore[no-any-return]

    def inspect_network(self, network: str) -> dict[str, Any]:
        return self.api.inspect_network(network)  # type: ignore[no-any-return]

    def create_network(self, network: str, config: Mapping[str, Any]) -> None:
        self.api.create_network(
            network,
            driver=config["Driver"],
            options=config["Options"],
            ipam=config["IPAM"],
            check_duplicate=True,
            internal=config["Internal"],
            labels=config["Labels"],
        )

    def remove_network(self, network: str) -> None:
        self.api.remove_network(network)

    def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Connect a container to a network."""
        self.api.connect_container_to_network(
            container,
            network,
            ipv4_address=endpoint.get("IPAMConfig", {}).get("IPv4Address"),
            mac_address=endpoint.get("MacAddress"),
        )

    def disconnect(self, network: str, container: str) -> None:
        self.api.disconnect_container_from_network(container, network)

    # -- images

    def images(self) -> list[dict[str, Any]]:
        return self.api.images()  # type: ignore[no-any-return]

    def image(self, image: str) -> dict[str, Any] | None:
        """The engine's description of an image; None where the engine has no image of that name."""
        try:
            return self.api.inspect_image(image)  # type: ignore[no-any-return, no-untyped-call]
        except NotFound:
            return None

    def remove_image(self, image: str) -> None:
        self.api.remove_image(image)

    def disk_use(self) -> dict[str, Any]:
        return self.api.df()
