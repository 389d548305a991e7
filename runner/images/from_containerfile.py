"""Lets the engine build an image from its Containerfile: with a registry, or FROM another of Rung's images."""

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
PROBE_SECONDS = 3  # timeout of the registry probe
PULL_SECONDS = 20  # timeout of each read during a pull
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


@contextmanager
def _timeout(client: DockerClient, seconds: int) -> Iterator[None]:
    """Set the timeout of the client's requests during the block."""
    before = client.api.timeout
    client.api.timeout = seconds
    try:
        yield
    finally:
        client.api.timeout = before


def registry_unreachable(client: DockerClient, image: str = BASE) -> str | None:
    """Why the engine cannot pull `image`; None if a registry answers. Takes at most about `PROBE_SECONDS`.

    An engine that cannot ask a registry (Podman) pulls the image instead, which takes longer.
    """
    import docker.errors
    import requests.exceptions

    try:
        with _timeout(client, PROBE_SECONDS):
            client.images.get_registry_data(image)
    except docker.errors.APIError as error:  # a subclass of RequestException, so it comes first
        text = str(error.explanation or error).strip()
        # Podman's API cannot ask a registry without pulling.
        return _pull(client, image) if text.startswith("404") or "not found" in text.lower() else text
    except requests.exceptions.RequestException:
        return f"no registry answered within {PROBE_SECONDS} s"
    return None


def _pull(client: DockerClient, image: str) -> str | None:
    """Pull the image. Returns why that failed; None if the engine has the image now."""
    import requests.exceptions

    name, _, version = image.partition(":")
    try:
        with _timeout(client, PULL_SECONDS):
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

    `arguments`: values of its ARG lines; PARENT is the image of its FROM line. `programs`: paths of its compiled
    programs by name; without them the engine compiles the programs in a stage of the Containerfile. Raises
    EnvironmentBroken with the last lines of the step that failed.
    """
    with tempfile.TemporaryFile() as archive:
        _write_context(image, programs or {}, archive)
        archive.seek(0)
        _build(image.name, tag, client, dict(arguments or {}), archive, progress)


def _write_context(image: Image, programs: Mapping[str, Path], to: IO[bytes]) -> None:
    """Write the build folder as tar, with compiled programs in `bin/` and a Containerfile that copies them."""
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
    """The Containerfile without its stage `programs`: it copies programs from `bin/` of the build folder instead."""
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
        _report_step(step, name, last, progress)


def _report_step(step: dict[str, Any], name: str, last: list[str], progress: Progress) -> None:
    for line in str(step.get("stream", "")).splitlines():
        if not line.strip():
            continue
        last.append(line)
        if line.startswith("Step "):
            progress("image", f"{name}: {line[:70]}")
