"""The way with a registry, and for images that begin FROM another of ours: the engine builds a Containerfile."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rung.runner.drivers import Progress, silent
from rung.runner.errors import EnvironmentBroken
from rung.runner.images.spec import Image, context

if TYPE_CHECKING:
    from docker import DockerClient

BASE = "debian:bookworm"
PROBE_SECONDS = 3
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


@contextmanager
def _impatient(client: DockerClient, seconds: int) -> Iterator[None]:
    before = client.api.timeout
    client.api.timeout = seconds
    try:
        yield
    finally:
        client.api.timeout = before


def registry_silent(client: DockerClient, image: str = BASE) -> str | None:
    """Why the engine cannot pull `image`, or None if a registry answers it; in about three seconds."""
    import docker.errors
    import requests.exceptions

    try:
        with _impatient(client, PROBE_SECONDS):
            client.images.get_registry_data(image)
    except docker.errors.APIError as error:  # itself one of requests' exceptions, so it goes first
        text = str(error.explanation or error).strip()
        # Podman has no such question in its API: ask the door itself.
        return _closed_door(client) if text.startswith("404") or "page not found" in text.lower() else text
    except requests.exceptions.RequestException:
        return f"no registry answered within {PROBE_SECONDS} s"
    return None


def _closed_door(client: DockerClient) -> str | None:
    address = urlsplit(client.info().get("IndexServerAddress") or "").hostname
    if not address:
        return "the engine names no registry"
    try:
        socket.create_connection((address, 443), PROBE_SECONDS).close()
    except OSError as error:
        return f"{address} does not answer: {error}"
    return None


def build(image: Image, tag: str, client: DockerClient, parent: str | None = None, progress: Progress = silent) -> None:
    """Let the engine build the image from its Containerfile, FROM `parent` where it names one.

    Raises EnvironmentBroken with the last lines of the step that failed.
    """
    steps = client.api.build(
        fileobj=io.BytesIO(context(image.name)),
        custom_context=True,
        dockerfile="Containerfile",
        tag=tag,
        rm=True,
        forcerm=True,
        decode=True,
        network_mode="host",  # a package mirror may be reachable from the host only
        buildargs={"PARENT": parent} if parent else {},
    )
    last: list[str] = []
    for step in steps:
        if error := step.get("error"):
            text = _COLOUR.sub("", "\n".join([*last[-12:], str(error).strip()]))
            raise EnvironmentBroken(
                f"Image {image.name} could not be built from its Containerfile:\n{text}",
                fix="Is the internet reachable from the engine, and is there disk space (`df -h`)?",
            )
        _tell(step, image.name, last, progress)


def _tell(step: dict[str, Any], name: str, last: list[str], progress: Progress) -> None:
    for line in str(step.get("stream", "")).splitlines():
        if not line.strip():
            continue
        last.append(line)
        if line.startswith("Step "):
            progress("image", f"{name}: {line[:70]}")
