"""What earlier versions left: images that nothing boots any more, and cached files that no build asks for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.engine.errors import engine_errors, gone
from rung.runner.images import from_packages, go_programs
from rung.runner.images.build import alone
from rung.runner.images.spec import names, stages, tag

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

_TAG = re.compile(r"rung/[a-z-]+:[0-9a-f]{12}")  # as we give them, and nobody else
_KEY = re.compile(r"[0-9a-f]{16}")
_PACKAGE = re.compile(r"(?P<name>[^_]+)_(?P<version>[^_]+)_(?P<arch>[^_]+)\.deb")


@dataclass(frozen=True)
class Leftover:
    """One thing that can go."""

    sort: Literal["image", "programs", "package", "kind"]
    name: str  # an image's tag, or a path
    bytes: int


def left(engine: Engine) -> list[Leftover]:
    """Everything that can go, images first, the youngest first (for they may be made of older ones)."""
    return [*images(engine), *programs(go_programs.cache_folder()), *packages(_cache("debs")), *kinds(_cache("bin"))]


def images(engine: Engine) -> list[Leftover]:
    """Images of ours that are not today's and that no container, running or not, was made of."""
    today = {tag(name) for name in (*names(), *stages())}
    with engine_errors("listing images"):
        used = {container["ImageID"] for container in engine.containers()}
        there = sorted(engine.images(), key=lambda image: -int(image["Created"]))
    return [
        Leftover("image", name, int(image["Size"]))
        for image in there
        if image["Id"] not in used
        for name in image["RepoTags"] or ()
        if _TAG.fullmatch(name) and name not in today
    ]


def programs(folder: Path) -> list[Leftover]:
    """Compiled programs of other versions than today's; none where no Go tells what today's are."""
    try:
        today = go_programs.wanted()
    except EnvironmentBroken:
        return []
    old = [place for place in _within(folder) if _KEY.fullmatch(place.name) and place.name not in today]
    return [Leftover("programs", str(place), _size(place)) for place in old]


def packages(folder: Path, newer: Callable[[str, str], bool] | None = None) -> list[Leftover]:
    """Debian packages of which the cache has a newer version. `newer(a, b)`: whether version a is."""
    if newer is None and not shutil.which("dpkg"):
        return []
    than = newer or _newer
    found = [(match, place) for place in _within(folder) if (match := _PACKAGE.fullmatch(place.name))]

    def what(entry: tuple[re.Match[str], Path]) -> tuple[str, str]:
        return entry[0]["name"], entry[0]["arch"]

    def compared(one: tuple[re.Match[str], Path], other: tuple[re.Match[str], Path]) -> int:
        return 1 if than(_version(one[0]), _version(other[0])) else -1

    old = []
    for _, versions in groupby(sorted(found, key=what), what):
        *older, _newest = sorted(versions, key=cmp_to_key(compared))
        old += [Leftover("package", str(place), _size(place)) for _, place in older]
    return old


def kinds(folder: Path) -> list[Leftover]:
    """Downloads of kind in other versions than today's."""
    today = f"kind-{go_programs.version('kind')}-"
    old = [p for p in _within(folder) if p.name.startswith("kind-") and not p.name.startswith(today)]
    return [Leftover("kind", str(place), _size(place)) for place in old]


def remove(engine: Engine, chosen: Sequence[Leftover], progress: Progress = silent) -> int:
    """Remove them; how many bytes of the engine's disk and of this computer's became free.

    No build goes on meanwhile. An image that a container has been made of by now stays.
    """
    with alone(progress), go_programs.alone(progress):
        return _removed(engine, chosen, progress)


def _removed(engine: Engine, chosen: Sequence[Leftover], progress: Progress) -> int:
    before = _layers(engine)
    freed = 0
    for thing in chosen:
        progress("remove", thing.name)
        if thing.sort == "image":
            if thing.name in {found.name for found in images(engine)}:
                with engine_errors(f"removing {thing.name}"):
                    gone(lambda name=thing.name: engine.remove_image(name))  # type: ignore[misc]
        elif thing.sort == "programs":
            shutil.rmtree(thing.name, ignore_errors=True)
            freed += thing.bytes
        else:
            Path(thing.name).unlink(missing_ok=True)
            freed += thing.bytes
    return freed + max(0, before - _layers(engine))


def _layers(engine: Engine) -> int:
    """How much the engine's images take together, each layer counted once."""
    with engine_errors("measuring images"):
        return int(engine.disk_use().get("LayersSize") or 0)


def _cache(name: str) -> Path:
    return from_packages.cache_folder().parent / name


def _within(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.iterdir()) if folder.is_dir() else ()


def _size(place: Path) -> int:
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(file.stat().st_size for file in files if file.is_file())


def _version(match: re.Match[str]) -> str:
    return unquote(match["version"])


def _newer(one: str, other: str) -> bool:
    return subprocess.run(["dpkg", "--compare-versions", one, "gt", other], check=False).returncode == 0
