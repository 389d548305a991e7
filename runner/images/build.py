"""Builds the images that machines boot, if the engine lacks them.

There are two ways, and both give the same tag. If a registry answers, the engine builds the Containerfile on a base
image. Otherwise mmdebstrap builds the same tree from Debian packages, and Go compiles the programs from modules.
Callers need not know which way is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import queued_lock
from rung.runner.core.progress import Progress, silent
from rung.runner.engine.errors import engine_errors
from rung.runner.images import from_containerfile, from_packages, go_programs, node_image
from rung.runner.images.spec import Image, image, names, tag

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

__all__ = ["ImageStatus", "build", "build_lock", "ensure", "listing", "names", "tag"]


@dataclass(frozen=True)
class ImageStatus:
    """A line of `rung images list`."""

    name: str
    tag: str
    about: str
    exercised: bool
    bytes: int | None  # its size in the engine; None if the engine lacks it


def listing(engine: Engine) -> list[ImageStatus]:
    """Every image with its size in the engine. Raises EngineGone if the engine does not answer."""
    images = [image(name) for name in names()]
    return [ImageStatus(i.name, tag(i.name), i.about, i.exercised, _size(engine, tag(i.name))) for i in images]


def _size(engine: Engine, wanted: str) -> int | None:
    """The bytes of the image with the tag `wanted`; None if the engine lacks it."""
    with engine_errors("being asked for an image"):
        present = engine.image(wanted)
    return int(present["Size"]) if present is not None else None


def ensure(name: str, engine: Engine, progress: Progress = silent) -> str:
    """Build the image, and the images that it needs, if the engine lacks it. Returns its tag.

    Raises UsageError for an unknown name, EnvironmentBroken if a build fails or neither way is possible.
    """
    if _size(engine, tag(name)) is None:
        with build_lock(progress):
            if _size(engine, tag(name)) is None:
                _make(name, engine, progress)
    return tag(name)


def build(name: str, engine: Engine, progress: Progress = silent) -> str:
    """Build the image even if the engine has it. Returns its tag; raises the errors of `ensure`."""
    with build_lock(progress):
        _make(name, engine, progress)
    return tag(name)


@contextmanager
def build_lock(progress: Progress) -> Iterator[None]:
    """Hold the lock of image builds during the block; waits while another process holds it."""
    lock = from_packages.cache_folder().parent / "images.lock"
    with queued_lock(lock, lambda: progress("image", "another Rung process is building images; waiting for it")):
        yield


class _RegistryProbe:
    """Whether a registry answers; it is asked once for all images of one build."""

    def __init__(self, engine: Engine, name: str, progress: Progress) -> None:
        self._engine, self._name, self._progress = engine, name, progress

    @cached_property
    def unreachable(self) -> str | None:
        """Why the engine cannot pull images; None if a registry answers."""
        self._progress("image", f"{self._name}: looking for a registry")
        return from_containerfile.registry_unreachable(self._engine.sdk)


def _make(name: str, engine: Engine, progress: Progress, probe: _RegistryProbe | None = None) -> None:
    described, probe = image(name), probe or _RegistryProbe(engine, name, progress)

    def ensure_made(other: str) -> str:
        if _size(engine, tag(other)) is None:
            _make(other, engine, progress, probe)
        return tag(other)

    if name == node_image.CORE:
        node_image.build_core(described, tag(name), engine.sdk, ensure_made(str(described.parent)), progress)
    elif node_image.CORE in described.contains and probe.unreachable:
        node_image.build(described, tag(name), engine.sdk, ensure_made, progress)
    elif described.parent or not probe.unreachable:
        # `contains` also names stages, which are needed only without a registry.
        others = {other.upper(): ensure_made(other) for other in described.contains if other in names()}
        parent = {"PARENT": ensure_made(described.parent)} if described.parent else {}
        compile_here = described.programs and probe.unreachable
        compiled = go_programs.binaries(described.programs, progress) if compile_here else None
        from_containerfile.build(described, tag(name), engine.sdk, {**others, **parent}, progress, compiled)
    else:
        _bootstrap(described, engine, progress, str(probe.unreachable))


def _bootstrap(described: Image, engine: Engine, progress: Progress, unreachable: str) -> None:
    """Build the image from Debian packages; raises EnvironmentBroken if this computer cannot."""
    reason = from_packages.cannot_build() if described.suite else "it is not made of Debian packages"
    if reason is not None:
        raise EnvironmentBroken(
            f"Image {described.name} can be neither pulled ({unreachable}) nor built from packages ({reason}).",
            fix="Connect the engine to the internet once, or run `rung images build` as root on Debian or Ubuntu.",
        )
    from_packages.build(described, tag(described.name), engine.sdk, progress)
