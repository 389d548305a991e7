"""Reads the descriptions of images: folders with image.yaml, Containerfile, packages.txt and finish.sh.

An image's tag is a digest of those files, of overlay/ and shared.sh (which all machines share), of the Go modules of
its programs, and of the tags of its parent and of the images that it contains. So a changed description gives a new
image, and `rung/linux:0a1b2c3d4e5f` means the same on every computer.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from rung.runner.core.errors import UsageError
from rung.runner.images import go_programs

HERE = Path(str(resources.files("rung.runner.images")))
SHARED = ("overlay", "shared.sh")  # Rung's own files, in every machine
_DIGITS = 12


@dataclass(frozen=True)
class Image:
    """One image as its folder describes it."""

    name: str
    folder: Path
    about: str
    parent: str | None = None  # the image of its Containerfile's FROM line
    suite: str | None = None  # Debian's, if it can be built from packages alone
    exercised: bool = True  # False: the tests do not build it
    programs: tuple[str, ...] = ()  # compiled by go_programs; its Containerfile copies them
    uses: tuple[str, ...] = ()  # files that several images share: paths below this package
    contains: tuple[str, ...] = ()  # other images, which are copied into this one

    @property
    def packages(self) -> list[str]:
        """The names in packages.txt, without comments."""
        lines = (self.folder / "packages.txt").read_text().splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]

    def files(self) -> dict[str, bytes]:
        """The files of the build folder: path -> content, sorted."""
        found = _files(self.folder, [self.folder])
        shared = SHARED if self.parent is None else ()
        found |= _files(HERE, [HERE / name for name in (*shared, *self.uses)])
        return dict(sorted((found | go_programs.sources(self.programs)).items()))

    def context(self, prefix: str = "") -> bytes:
        """The build folder as a tar archive, with `prefix` before each path. Scripts are executable.

        The same description gives the same bytes.
        """
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path, content in self.files().items():
                entry = tarfile.TarInfo(prefix + path)
                entry.size = len(content)
                entry.mode = 0o755 if content.startswith(b"#!") else 0o644
                archive.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


def _files(root: Path, places: Iterable[Path]) -> dict[str, bytes]:
    """Path below `root` -> content, of each file in `places` and in folders among them."""
    paths = [p for place in places for p in (place, *place.rglob("*")) if p.is_file()]
    return {str(p.relative_to(root)): p.read_bytes() for p in paths}


@lru_cache
def names() -> tuple[str, ...]:
    """The names of all images, without the stages of their builds."""
    return tuple(sorted(p.parent.name for p in HERE.glob("*/image.yaml")))


@lru_cache
def stages() -> dict[str, Path]:
    """Folders of the stages of image builds, by name: `node-core` is described in node/core."""
    return {f"{p.parents[1].name}-{p.parent.name}": p.parent for p in sorted(HERE.glob("*/*/image.yaml"))}


@lru_cache
def image(name: str) -> Image:
    """The image or stage of that name. Raises UsageError if there is none."""
    import yaml

    if name not in names() and name not in stages():
        raise UsageError(f"There is no image {name!r}.", fix=f"Images: {', '.join(names())}.")
    folder = stages().get(name, HERE / name)
    described = yaml.safe_load((folder / "image.yaml").read_text())
    options: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in described.items()}
    return Image(name, folder, **options)


@lru_cache
def tag(name: str) -> str:
    """`rung/NAME:DIGEST`, computed from the description without an engine. Raises UsageError for an unknown name."""
    found = image(name)
    digest = hashlib.sha256((tag(found.parent) if found.parent else "").encode())
    for contained in found.contains:
        digest.update(f"\0{tag(contained)}".encode())
    for path, content in found.files().items():
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return f"rung/{name}:{digest.hexdigest()[:_DIGITS]}"
