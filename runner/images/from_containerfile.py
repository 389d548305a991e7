"""The way with a registry, and for images that begin FROM another of ours: the engine builds a Containerfile."""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.images.spec import Image

if TYPE_CHECKING:
    from docker import DockerClient

BASE = "debian:bookworm"
PROBE_SECONDS = 3
PULL_SECONDS = 20  # for each further piece of an answer
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
        # Podman has no such question in its API: there is only the pull itself.
        return _pull(client, image) if text.startswith("404") or "not found" in text.lower() else text
    except requests.exceptions.RequestException:
        return f"no registry answered within {PROBE_SECONDS} s"
    return None


def _pull(client: DockerClient, image: str) -> str | None:
    """Why an image cannot be pulled, or None once it is there (and then the build needs no registry)."""
    import requests.exceptions

    name, _, version = image.partition(":")
    try:
        with _impatient(client, PULL_SECONDS):
            for step in client.api.pull(name, tag=version, stream=True, decode=True):
                if error := step.get("error"):
                    return str(error)
    except requests.exceptions.RequestException as error:
        return str(error) or f"no registry answered within {PULL_SECONDS} s"
    return None


def build(
    image: Image,
    tag: str,
    client: DockerClient,
    arguments: Mapping[str, str] | None = None,
    progress: Progress = silent,
    programs: Mapping[str, Path] | None = None,
) -> None:
    """Let the engine build the image from its Containerfile.

    `arguments`: what its ARG lines ask for (PARENT is the image that it begins FROM). `programs`: its
    programs where they are compiled already; otherwise the engine compiles them in a stage of their own.
    Raises EnvironmentBroken with the last lines of the step that failed.
    """
    with tempfile.TemporaryFile() as archive:
        _write_context(image, programs or {}, archive)
        archive.seek(0)
        _build(image.name, tag, client, dict(arguments or {}), archive, progress)


def _write_context(image: Image, programs: Mapping[str, Path], to: IO[bytes]) -> None:
    """The build folder, with compiled programs in `bin/` and a Containerfile that takes them from there."""
    with tarfile.open(fileobj=to, mode="w", format=tarfile.PAX_FORMAT) as archive:
        with tarfile.open(fileobj=io.BytesIO(image.context())) as plain:
            for entry in plain:
                content = plain.extractfile(entry)
                assert content is not None
                text = content.read()
                if programs and entry.name == "Containerfile":
                    text = without_go(text.decode()).encode()
                    entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text))
        for name, path in programs.items():
            entry = tarfile.TarInfo(f"bin/{name}")
            entry.size, entry.mode = path.stat().st_size, 0o755
            with path.open("rb") as program:
                archive.addfile(entry, program)


def without_go(text: str) -> str:
    """A Containerfile without its stage `programs`: what that would make is in the build folder's `bin/`."""
    stages = re.sub(r"^FROM golang\S* AS programs\n(?:.+\n)*\n", "", text, flags=re.MULTILINE)
    return stages.replace("COPY --from=programs /out/", "COPY bin/")


def _build(
    name: str, tag: str, client: DockerClient, arguments: dict[str, str], archive: IO[bytes], progress: Progress
) -> None:
    steps = client.api.build(
        fileobj=archive,
        custom_context=True,
        dockerfile="Containerfile",
        tag=tag,
        rm=True,
        forcerm=True,
        decode=True,
        network_mode="host",  # a package mirror may be reachable from the host only
        buildargs=arguments,
    )
    last: list[str] = []
    for step in steps:
        if error := step.get("error"):
            text = _COLOUR.sub("", "\n".join([*last[-12:], str(error).strip()]))
            raise EnvironmentBroken(
                f"Image {name} could not be built from its Containerfile:\n{text}",
                fix="Is the internet reachable from the engine, and is there disk space (`df -h`)?",
            )
        _tell(step, name, last, progress)


def _tell(step: dict[str, Any], name: str, last: list[str], progress: Progress) -> None:
    for line in str(step.get("stream", "")).splitlines():
        if not line.strip():
            continue
        last.append(line)
        if line.startswith("Step "):
            progress("image", f"{name}: {line[:70]}")
