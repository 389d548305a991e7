"""Removes what earlier versions of Rung left: unused images, and cached files that no build needs."""

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
from rung.runner.images.build import build_lock
from rung.runner.images.spec import names, stages, tag

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

_TAG = re.compile(r"rung/[a-z-]+:[0-9a-f]{12}")  # only Rung's own tags match
_KEY = re.compile(r"[0-9a-f]{16}")  # go_programs.key
_PACKAGE = re.compile(r"(?P<name>[^_]+)_(?P<version>[^_]+)_(?P<arch>[^_]+)\.deb")


@dataclass(frozen=True)
class Leftover:
    """One image, folder or file that can be removed."""

    sort: Literal["image", "programs", "package", "kind"]
    name: str  # an image's tag, or a path
    bytes: int


def leftovers(engine: Engine) -> list[Leftover]:
    """Everything that can be removed. Images come first, the youngest first: they may be built on older ones.

    Raises EngineGone if the engine does not answer.
    """
    return [
        *images(engine),
        *programs(go_programs.cache_folder()),
        *packages(_cache("debs")),
        *kind_downloads(_cache("bin")),
    ]


def images(engine: Engine) -> list[Leftover]:
    """Rung's images with a tag that is not current, unless a container (running or not) uses them."""
    current = {tag(name) for name in (*names(), *stages())}
    with engine_errors("listing images"):
        used = {container["ImageID"] for container in engine.containers()}
        present = sorted(engine.images(), key=lambda image: -int(image["Created"]))
    return [
        Leftover("image", name, int(image["Size"]))
        for image in present
        if image["Id"] not in used
        for name in image["RepoTags"] or ()
        if _TAG.fullmatch(name) and name not in current
    ]


def programs(folder: Path) -> list[Leftover]:
    """Folders of compiled programs whose key is not current; none if Go is missing, which the keys depend on."""
    try:
        current = go_programs.current_keys()
    except EnvironmentBroken:
        return []
    old = [place for place in _within(folder) if _KEY.fullmatch(place.name) and place.name not in current]
    return [Leftover("programs", str(place), _size(place)) for place in old]


def packages(folder: Path, newer: Callable[[str, str], bool] | None = None) -> list[Leftover]:
    """Debian packages of which the folder has a newer version; none if dpkg is missing.

    `newer(a, b)`: whether version a is newer than b; dpkg's comparison by default.
    """
    if newer is None and not shutil.which("dpkg"):
        return []
    is_newer = newer or _newer
    found = [(match, place) for place in _within(folder) if (match := _PACKAGE.fullmatch(place.name))]

    def package(entry: tuple[re.Match[str], Path]) -> tuple[str, str]:
        return entry[0]["name"], entry[0]["arch"]

    def compare(one: tuple[re.Match[str], Path], other: tuple[re.Match[str], Path]) -> int:
        return 1 if is_newer(_version(one[0]), _version(other[0])) else -1

    old = []
    for _, versions in groupby(sorted(found, key=package), package):
        *older, _newest = sorted(versions, key=cmp_to_key(compare))
        old += [Leftover("package", str(place), _size(place)) for _, place in older]
    return old


def kind_downloads(folder: Path) -> list[Leftover]:
    """Downloaded programs of kind whose version is not the current one."""
    current = f"kind-{go_programs.version('kind')}-"
    old = [p for p in _within(folder) if p.name.startswith("kind-") and not p.name.startswith(current)]
    return [Leftover("kind", str(place), _size(place)) for place in old]


def remove(engine: Engine, chosen: Sequence[Leftover], progress: Progress = silent) -> int:
    """Remove what is chosen. Returns the bytes that became free, of the engine's disk and of this computer's.

    It waits for running builds and blocks new ones. An image that a container uses by now is not removed. Raises
    EngineGone if the engine does not answer.
    """
    with build_lock(progress), go_programs.compile_lock(progress):
        return _remove(engine, chosen, progress)


def _remove(engine: Engine, chosen: Sequence[Leftover], progress: Progress) -> int:
    before = _layers_size(engine)
    freed = 0
    for leftover in chosen:
        progress("remove", leftover.name)
        if leftover.sort == "image":
            if leftover.name in {unused.name for unused in images(engine)}:
                with engine_errors(f"removing {leftover.name}"):
                    gone(lambda name=leftover.name: engine.remove_image(name))  # type: ignore[misc]
        elif leftover.sort == "programs":
            shutil.rmtree(leftover.name, ignore_errors=True)
            freed += leftover.bytes
        else:
            Path(leftover.name).unlink(missing_ok=True)
            freed += leftover.bytes
    return freed + max(0, before - _layers_size(engine))


def _layers_size(engine: Engine) -> int:
    """The bytes of all images of the engine; each layer counts once."""
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
