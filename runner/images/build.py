"""The images that machines boot: described as data, built where they are missing.

Two ways lead to the same tag: the engine builds the Containerfile where a registry has its base, and
mmdebstrap makes the same tree from Debian packages, and Go programs from modules, where none answers.
Nothing above knows which.
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

__all__ = ["ImageStatus", "alone", "build", "ensure", "listing", "names", "tag"]


@dataclass(frozen=True)
class ImageStatus:
    """A line of `rung images list`."""

    name: str
    tag: str
    about: str
    exercised: bool
    bytes: int | None  # size in the engine; None where it is not there


def listing(engine: Engine) -> list[ImageStatus]:
    """Every image, and its size where the engine has it."""
    found = [image(name) for name in names()]
    return [ImageStatus(i.name, tag(i.name), i.about, i.exercised, _size(engine, tag(i.name))) for i in found]


def _size(engine: Engine, wanted: str) -> int | None:
    with engine_errors("being asked for an image"):
        there = engine.image(wanted)
    return int(there["Size"]) if there is not None else None


def ensure(name: str, engine: Engine, progress: Progress = silent) -> str:
    """The image's tag, after building it (and its parent) where the engine lacks it.

    Raises EnvironmentBroken with what to do where neither way is open, UsageError for an unknown name.
    """
    if _size(engine, tag(name)) is None:
        with alone(progress):
            if _size(engine, tag(name)) is None:
                _make(name, engine, progress)
    return tag(name)


def build(name: str, engine: Engine, progress: Progress = silent) -> str:
    """Build the image although it may be there already; its tag."""
    with alone(progress):
        _make(name, engine, progress)
    return tag(name)


@contextmanager
def alone(progress: Progress) -> Iterator[None]:
    """One build at a time: the second process waits for the first, and then has nothing to do."""
    lock = from_packages.cache_folder().parent / "images.lock"
    with queued_lock(lock, lambda: progress("image", "another Rung is building images; waiting for it")):
        yield


class _Way:
    """Whether a registry answers, asked once for all images of one build."""

    def __init__(self, engine: Engine, name: str, progress: Progress) -> None:
        self._engine, self._name, self._progress = engine, name, progress

    @cached_property
    def silence(self) -> str | None:
        """Why nothing can be pulled, or None where a registry answers."""
        self._progress("image", f"{self._name}: asking for a registry")
        return from_containerfile.registry_silent(self._engine.sdk)


def _make(name: str, engine: Engine, progress: Progress, way: _Way | None = None) -> None:
    found, way = image(name), way or _Way(engine, name, progress)

    def have(other: str) -> str:
        if _size(engine, tag(other)) is None:
            _make(other, engine, progress, way)
        return tag(other)

    if name == node_image.CORE:
        node_image.build_core(found, tag(name), engine.sdk, have(str(found.parent)), progress)
    elif node_image.CORE in found.contains and way.silence:
        node_image.build(found, tag(name), engine.sdk, have, progress)
    elif found.parent or not way.silence:
        # A stage is made only where nothing can be pulled.
        others = {other.upper(): have(other) for other in found.contains if other in names()}
        parent = {"PARENT": have(found.parent)} if found.parent else {}
        compiled = go_programs.binaries(found.programs, progress) if found.programs and way.silence else None
        from_containerfile.build(found, tag(name), engine.sdk, {**others, **parent}, progress, compiled)
    else:
        _bootstrap(found, engine, progress, str(way.silence))


def _bootstrap(found: Image, engine: Engine, progress: Progress, silence: str) -> None:
    closed = from_packages.possible() if found.suite else "it is not made of Debian packages"
    if closed is not None:
        raise EnvironmentBroken(
            f"Image {found.name} can be neither pulled ({silence}) nor built from packages ({closed}).",
            fix="Connect the engine to the internet once, or run `rung images build` as root on Debian or Ubuntu.",
        )
    from_packages.build(found, tag(found.name), engine.sdk, progress)
