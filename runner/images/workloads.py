"""The images that labs deploy (`rung/web:1.1`), as an archive for clusters that are not Rung's.

Rung's own nodes contain them.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rung.runner.core.errors import UsageError
from rung.runner.core.files import atomic_file
from rung.runner.core.progress import Progress, silent
from rung.runner.engine.errors import engine_errors
from rung.runner.images import build
from rung.runner.images.spec import HERE, tag

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

_NAME = re.compile(r"\brung/([a-z]+):([a-z0-9.-]+)")
_VERSION = "VERSION="  # the variable that tells the server its release


@lru_cache
def names() -> list[str]:
    """Every image that labs may deploy, as NAME:TAG."""
    found = _NAME.finditer((HERE / "node" / "workloads.sh").read_text())
    return list(dict.fromkeys(match[0] for match in found))


def save(to: Path, engine: Engine, progress: Progress = silent) -> None:
    """Write all of them to an archive that `docker load`, `ctr images import` and `kind load image-archive` read.

    Images that the engine lacks are built. Raises UsageError if the file cannot be written, EnvironmentBroken if an
    image cannot be built or saved.
    """
    wanted = list(dict.fromkeys(name.removeprefix("rung/").partition(":")[0] for name in names()))
    for name in wanted:
        build.ensure(name, engine, progress)
    try:
        with atomic_file(to, 0o644) as fresh, tarfile.open(fileobj=fresh, mode="w") as archive:
            entries: list[dict[str, Any]] = []
            for name in wanted:
                progress("save", name)
                with tempfile.TemporaryFile() as saved:
                    with engine_errors(f"saving the image {name}"):
                        saved.writelines(engine.sdk.images.get(tag(name)).save())
                    saved.seek(0)
                    entries += _add_image(saved, name, archive)
            _add(archive, "manifest.json", json.dumps(entries).encode())
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror}.", fix="Name another file.") from error


def _add_image(saved: IO[bytes], name: str, archive: tarfile.TarFile) -> list[dict[str, Any]]:
    """Add an image's layers, and a configuration for each of its tags, to the archive.

    Returns their entries for the archive's manifest.json.
    """
    with tarfile.open(fileobj=saved) as source:
        (described,) = json.loads(_content(source, "manifest.json"))
        config = json.loads(_content(source, described["Config"]))
        layers = []
        for path in described["Layers"]:
            # Named by the digest of its content: the engine may save a layer as a link to another.
            content = _content(source, path)
            layers.append(f"{hashlib.sha256(content).hexdigest()}.tar")
            if layers[-1] not in archive.getnames():
                _add(archive, layers[-1], content)
    entries = []
    for known, text in _configs(name, config):
        path = f"{hashlib.sha256(text).hexdigest()}.json"
        _add(archive, path, text)
        entries.append({"Config": path, "RepoTags": [known], "Layers": layers})
    return entries


def _configs(name: str, config: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Each tag of an image with its configuration, which tells the server its release."""
    for known in names():
        image, _, version = known.removeprefix("rung/").partition(":")
        if image == name:
            run = dict(config["config"])
            run["Env"] = [f"{_VERSION}{version}" if e.startswith(_VERSION) else e for e in run.get("Env") or ()]
            basic = {key: config[key] for key in ("architecture", "os", "rootfs") if key in config}
            yield known, json.dumps({**basic, "config": run}, sort_keys=True).encode()


def _content(archive: tarfile.TarFile, path: str) -> bytes:
    member = archive.extractfile(path)
    assert member is not None, f"{path} is not a file"
    return member.read()


def _add(archive: tarfile.TarFile, path: str, content: bytes) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))
