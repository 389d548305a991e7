"""Builds an image without a registry: mmdebstrap installs Debian packages, the engine imports them as one layer.

It needs root and Debian or Ubuntu. The user's cache folder keeps the packages, so a second build downloads only the
package lists.
"""

from __future__ import annotations

import json
import os
import selectors
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import folder_lock
from rung.runner.core.progress import Progress, silent
from rung.runner.engine.apt import ensure_program
from rung.runner.images.spec import Image

if TYPE_CHECKING:
    from docker import DockerClient

# Image configuration, which the tar archive lacks. Each machine's container sets the stop signal.
CHANGES = ["ENV LANG=C.UTF-8", 'CMD ["/usr/lib/rung/init"]']
_CHUNK = 1 << 20  # bytes of a read
_PREFIX = "rung-image-"  # of a build's temporary folder
_SETUP = 'mkdir -p "$1/var/cache/apt/archives" && cp {cache}/*.deb "$1/var/cache/apt/archives/" 2> /dev/null || true'
_CUSTOMIZE = """set -eu
chroot "$1" apt-get -qq autoclean
cp -u "$1"/var/cache/apt/archives/*.deb {cache}/
tar -C "$1" -xf {context}
chroot "$1" sh /rung-build/finish.sh /rung-build
rm -r "$1/rung-build"
"""


def cannot_build() -> str | None:
    """Why this computer cannot build images from packages; None if it can."""
    if not shutil.which("apt-get"):
        return "this computer is not Debian or Ubuntu"
    if os.geteuid() != 0:
        return "building from Debian packages needs root"
    return None


def cache_folder() -> Path:
    """The folder of downloaded packages, in the user's cache; it is created if missing."""
    import platformdirs

    folder = platformdirs.user_cache_path("rung") / "debs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build(image: Image, tag: str, client: DockerClient, progress: Progress = silent) -> None:
    """Build the image and tag it. Raises EnvironmentBroken with the last lines of output if a step fails."""
    ensure_program("mmdebstrap", ["mmdebstrap", "debian-archive-keyring"], progress)
    remove_abandoned_folders()
    with _build_folder() as folder:
        Path(folder).chmod(0o755)  # apt downloads as the user _apt
        archive = Path(folder) / "context.tar"
        archive.write_bytes(image.context("rung-build/"))
        process = subprocess.Popen(
            mmdebstrap(image, cache_folder(), archive),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": folder},
        )
        try:
            _import(_Output(process, image.name, progress), tag, client)
        finally:
            _end(process)


@contextmanager
def _build_folder() -> Iterator[str]:
    """A temporary folder for one build; it is locked during the block."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, folder_lock(Path(folder)):
        yield folder


def remove_abandoned_folders() -> None:
    """Remove this user's folders of killed builds: those that no process has locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                _remove_unlocked(folder)


def _remove_unlocked(folder: Path) -> None:
    with folder_lock(folder, wait=False) as acquired:
        if acquired:
            shutil.rmtree(folder, ignore_errors=True)


def mmdebstrap(image: Image, cache: Path, archive: Path) -> list[str]:
    """The command that writes the image's root tree to its standard output, as tar.

    `cache`: the folder of downloaded packages. `archive`: the build folder as tar.
    """
    places = {"cache": shlex.quote(str(cache)), "context": shlex.quote(str(archive))}
    return [
        # A private mount namespace: no other process can keep its mounts busy, and they end with it.
        *("unshare", "--mount", "--propagation", "private"),
        "mmdebstrap",
        "--mode=root",
        "--variant=minbase",
        "--format=tar",
        f"--include={','.join(image.packages)}",
        "--skip=download/empty,essential/unlink",
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Languages "none"',
        "--dpkgopt=force-unsafe-io",
        f"--setup-hook={_SETUP.format(**places)}",
        f"--customize-hook={_CUSTOMIZE.format(**places)}",
        str(image.suite),
        "-",
    ]


class _Output:
    """Reads a program's stdout as data, and its stderr as lines for progress and for an error message."""

    def __init__(self, process: subprocess.Popen[bytes], name: str, progress: Progress) -> None:
        self.process, self.name, self.progress = process, name, progress
        self.last: deque[str] = deque(maxlen=12)
        self._partial_line = b""

    def data(self) -> Iterator[bytes]:
        """Blocks of the standard output, until both streams end."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            selector.register(self.process.stderr, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select():
                    block = os.read(key.fd, _CHUNK)
                    if not block:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is self.process.stdout:
                        yield block
                    else:
                        self._report(block)

    def _report(self, block: bytes) -> None:
        *lines, self._partial_line = (self._partial_line + block).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip()
            self.last.append(text)
            if text.startswith("I: ") and not text.endswith(("as requested", "...done")) and "hook" not in text:
                self.progress("image", f"{self.name}: {text[3:].rstrip('.')}")


def _import(output: _Output, tag: str, client: DockerClient) -> None:
    """Import the tree as an image; tag it only if it is complete. Raises EnvironmentBroken otherwise."""
    blocks = output.data()
    first = next(blocks, b"")  # waits until every package is installed
    answer = client.api.import_image_from_data(chain([first], blocks), changes=CHANGES) if first else ""
    identities = [line["status"] for line in map(json.loads, answer.splitlines()) if "status" in line]
    if output.process.wait() == 0 and identities:
        repository, _, digest = tag.partition(":")
        client.api.tag(identities[-1], repository, digest, force=True)
        return
    for identity in identities[-1:]:
        client.api.remove_image(identity, force=True)
    raise EnvironmentBroken(
        f"Image {output.name} could not be built from Debian packages:\n" + "\n".join([*output.last, answer]).strip(),
        fix="Is a Debian mirror reachable (`apt-get update`), and is there disk space (`df -h`)?",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End mmdebstrap if the build was interrupted; it gets 30 s to unmount and remove its folder."""
    process.terminate()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
