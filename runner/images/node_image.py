"""Builds the node image without a registry: files go into a container, a script runs in it, and it is committed.

This happens twice. `node-core` adds Kubernetes and the control plane's images to the root tree; `node` adds Rung's own
files and the images that labs deploy. So a change of the latter does not rebuild the larger part.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import tarfile
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.engine.info import container_runtime
from rung.runner.images import go_programs
from rung.runner.images.spec import Image

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

CORE = "node-core"
FOLDER = "rung-build"
# The container's first process: the root tree's busybox waits, so that none of the tree's services start.
_WAIT = ["/usr/lib/rung/busybox", "sleep", "infinity"]
_UNPACK = "/unpack"  # a volume: the image store cannot be unpacked on the engine's own layers
# How a node runs; the commit takes the rest of the configuration from the container.
RUNS = {
    "Entrypoint": ["/usr/local/bin/entrypoint", "/sbin/init"],
    "Cmd": [],
    "Env": ["container=docker", "LANG=C.UTF-8"],
    "StopSignal": "SIGRTMIN+3",
}
_LAST_LINES = 12


def build_core(image: Image, tag: str, client: DockerClient, parent: str, progress: Progress = silent) -> None:
    """Build the stage with Kubernetes, on the root tree with the tag `parent`.

    Raises EnvironmentBroken with the last lines of output if a step fails.
    """
    programs = go_programs.binaries(image.programs, progress)
    with _container(client, image.name, parent) as container:
        _copy_build_folder(container, image, programs, progress)
        _finish(container, image, tag, client, progress)


def build(
    image: Image, tag: str, client: DockerClient, ensure_made: Callable[[str], str], progress: Progress = silent
) -> None:
    """Build the node image. `ensure_made` builds another image, by name, if it is missing and returns its tag.

    Raises EnvironmentBroken with the last lines of output if a step fails.
    """
    core, *contained = image.contains
    tags = {name: ensure_made(name) for name in contained}
    with _container(client, image.name, ensure_made(core)) as container:
        _copy_build_folder(container, image, {}, progress)
        for name, contained_tag in tags.items():
            progress("image", f"{image.name}: copying image {name}")
            _copy_image(container, name, contained_tag, client)
        _finish(container, image, tag, client, progress)


@contextlib.contextmanager
def _container(client: DockerClient, image: str, parent: str) -> Iterator[Container]:
    """A running container of `parent`, to build `image` in; it is removed at the end of the block."""
    from docker.types import Mount

    name = _name(image)
    _remove(client, name)  # left by a killed build: the lock allows only one build
    client.containers.create(
        parent,
        _WAIT[1:],
        name=name,
        entrypoint=_WAIT[:1],
        privileged=True,
        runtime=container_runtime(client.info()),
        network_mode="none",
        # Not with `volumes`: the committed image would declare the volume.
        mounts=[Mount(_UNPACK, None, type="volume")],
    )
    try:
        container = client.containers.get(name)
        container.start()
        yield container
    finally:
        _remove(client, name)


def _name(image: str) -> str:
    """The name of the container that `image` is built in. Users have separate locks, so the names differ by user."""
    return f"rung-building-{image}-{hashlib.sha256(str(go_programs.cache_folder()).encode()).hexdigest()[:8]}"


def _remove(client: DockerClient, name: str) -> None:
    import docker.errors

    with contextlib.suppress(docker.errors.NotFound):
        client.containers.get(name).remove(force=True, v=True)


def _copy_build_folder(container: Container, image: Image, programs: Mapping[str, Path], progress: Progress) -> None:
    """Copy the build folder into the container, with compiled programs in its `bin/`."""
    progress("image", f"{image.name}: copying {'programs' if programs else 'files'}")
    with tempfile.TemporaryFile() as archive:
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
            with tarfile.open(fileobj=io.BytesIO(image.context(f"{FOLDER}/"))) as plain:
                for entry in plain:
                    tar.addfile(entry, plain.extractfile(entry))
            for name, path in programs.items():
                _add_program(tar, f"{FOLDER}/bin/{name}", path)
        archive.seek(0)
        container.put_archive("/", archive)


def _add_program(tar: tarfile.TarFile, name: str, path: Path) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = path.stat().st_size, 0o755
    with path.open("rb") as program:
        tar.addfile(entry, program)


def _copy_image(container: Container, name: str, tag: str, client: DockerClient) -> None:
    """Copy an image's tree into the build folder's `images/`."""
    place = f"/{FOLDER}/images/{name}"
    container.exec_run(["mkdir", "-p", place])
    _remove(client, _name(name))
    source = client.containers.create(tag, ["-"], name=_name(name))
    try:
        with tempfile.TemporaryFile() as archive:
            archive.writelines(cast("Iterator[bytes]", source.export()))
            archive.seek(0)
            container.put_archive(place, archive)
    finally:
        source.remove(force=True, v=True)


def _finish(container: Container, image: Image, tag: str, client: DockerClient, progress: Progress) -> None:
    """Run finish.sh in the container and commit the result. Raises EnvironmentBroken if the script fails."""
    progress("image", f"{image.name}: packing and importing")
    api = client.api
    script = f"sh /{FOLDER}/finish.sh /{FOLDER} && rm -rf /{FOLDER}"
    identity = api.exec_create(container.id, ["sh", "-c", script])["Id"]
    last: deque[str] = deque(maxlen=_LAST_LINES)
    for block in api.exec_start(identity, stream=True):
        last.extend(line for line in block.decode("utf-8", "replace").splitlines() if line.strip())
    if api.exec_inspect(identity)["ExitCode"] != 0:
        raise EnvironmentBroken(
            f"Image {image.name} could not be built:\n" + "\n".join(last),
            fix="Is there disk space (`df -h`), and may the engine run privileged containers?",
        )
    progress("image", f"{image.name}: committing")
    repository, _, digest = tag.partition(":")
    container.commit(repository, digest, conf=RUNS)
