"""An image is a folder of data: image.yaml, Containerfile, packages.txt, finish.sh.

Its tag is a digest of those files, of overlay/ and shared.sh that all machines share, of the Go modules that
its programs are compiled from, and of the tags of its parent and of the images that it contains: so a changed
description is a new image, and two computers agree on what `rung/linux:0a1b2c3d4e5f` is.
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
SHARED = ("overlay", "shared.sh")  # Rung's own part of every machine
_DIGITS = 12


@dataclass(frozen=True)
class Image:
    """One image as its folder describes it."""

    name: str
    folder: Path
    about: str
    parent: str | None = None  # another image that its Containerfile begins FROM
    suite: str | None = None  # Debian's, where packages alone make it
    exercised: bool = True  # False: described, but not built by the tests
    programs: tuple[str, ...] = ()  # compiled by Go (see golang), put in by its Containerfile
    uses: tuple[str, ...] = ()  # files that several images use, by path below this package
    contains: tuple[str, ...] = ()  # other images that are copied into this one

    @property
    def packages(self) -> list[str]:
        """What packages.txt lists."""
        lines = (self.folder / "packages.txt").read_text().splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]

    def files(self) -> dict[str, bytes]:
        """What the build sees: path in the build folder -> content, sorted."""
        found = _files(self.folder, [self.folder])
        shared = SHARED if self.parent is None else ()
        found |= _files(HERE, [HERE / name for name in (*shared, *self.uses)])
        return dict(sorted((found | go_programs.sources(self.programs)).items()))

    def context(self, prefix: str = "") -> bytes:
        """The build folder as a tar archive, the same bytes each time; scripts are executable."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path, content in self.files().items():
                entry = tarfile.TarInfo(prefix + path)
                entry.size = len(content)
                entry.mode = 0o755 if content.startswith(b"#!") else 0o644
                archive.addfile(entry, io.BytesIO(content))
        return buffer.getvalue()


def _files(root: Path, places: Iterable[Path]) -> dict[str, bytes]:
    """Path below `root` -> content, for each file that is one of `places` or below one."""
    paths = [p for place in places for p in (place, *place.rglob("*")) if p.is_file()]
    return {str(p.relative_to(root)): p.read_bytes() for p in paths}


@lru_cache
def names() -> tuple[str, ...]:
    """Every image's name, without the stages that images are made in."""
    return tuple(sorted(p.parent.name for p in HERE.glob("*/image.yaml")))


@lru_cache
def stages() -> dict[str, Path]:
    """The folder of each stage that images are made in, by its name (`node-core` is described in node/core)."""
    return {f"{p.parents[1].name}-{p.parent.name}": p.parent for p in sorted(HERE.glob("*/*/image.yaml"))}


@lru_cache
def image(name: str) -> Image:
    """The image, or the stage, of that name; UsageError where there is none."""
    import yaml

    if name not in names() and name not in stages():
        raise UsageError(f"There is no image {name!r}.", fix=f"Images: {', '.join(names())}.")
    folder = stages().get(name, HERE / name)
    described = yaml.safe_load((folder / "image.yaml").read_text())
    options: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in described.items()}
    return Image(name, folder, **options)


@lru_cache
def tag(name: str) -> str:
    """`rung/NAME:DIGEST`, from the description alone: no engine is asked."""
    found = image(name)
    digest = hashlib.sha256((tag(found.parent) if found.parent else "").encode())
    for contained in found.contains:
        digest.update(f"\0{tag(contained)}".encode())
    for path, content in found.files().items():
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return f"rung/{name}:{digest.hexdigest()[:_DIGITS]}"
