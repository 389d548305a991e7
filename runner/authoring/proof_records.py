"""Records of passed proofs: a lab needs proving again only when something that its proof rests on has changed.

A record is the digest of the lab's own files, of the kinds it uses, of the code that judges, and of its
images, under the lab's folder in `proofs.json`: a file beside or above the labs, kept with them. Where
there is no such file nothing is recorded. Only contents count: neither times, nor paths, nor the computer.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from rung.checks.core import registry
from rung.checks.core.registry import Expectation
from rung.runner.core.errors import RungError, UsageError
from rung.runner.images import build
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

FILE = "proofs.json"
_CHECKS = Path(registry.__file__).parents[1]
_RUNNER = Path(__file__).parents[1]
# What makes an outcome out of an answer, and a machine out of a lab. The rest of the program has tests of its own.
_CORE_OF_CHECKS = ("registry.py", "python_checks.py", "machine.py", "outcome.py", "testinfra_host.py")
_JUDGES = (
    "authoring/prove.py",
    "authoring/verdicts.py",
    "drivers/container/boot.py",
    "drivers/container/privileges.py",
    "grading/grade.py",
    "grading/evaluate.py",
    "attempts/setup.py",
    "lab/python_checks.py",
    "grading/report.py",
    "grading/session.py",
    "lab/scripts.py",
    "lab/templates.py",
    "lab/seeded_values.py",
)
_OF_CLUSTERS = ("attempts/policy_probe.py", "lab/manifests.py", "grading/quiescence.py")


def book(folder: Path) -> Path | None:
    """The `proofs.json` that is nearest above a lab's folder."""
    return next((p / FILE for p in folder.resolve().parents if (p / FILE).is_file()), None)


def fingerprint(lab: Lab) -> str:
    """SHA-256 (hex) of all that the proof of a lab rests on."""
    total = hashlib.sha256(lab.digest.encode())
    for name in lab.images:
        total.update(f"\0image {build.tag(name)}".encode())
    for path in sorted(_code(lab)):
        root = _CHECKS if path.is_relative_to(_CHECKS) else _RUNNER
        total.update(f"\0{root.name}/{path.relative_to(root).as_posix()}\0".encode())
        total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def valid(folder: Path) -> bool:
    """Whether the lab in `folder` was proven as it is now, by code as it is now."""
    file = book(folder)
    if file is None:
        return False
    try:
        return _read(file).get(_key(file, folder)) == fingerprint(loader.load(folder))
    except RungError:
        return False


def record(folders: Iterable[Path]) -> list[Path]:
    """Enter labs that were proven just now; those that are entered (others have no `proofs.json` above them).

    Records of labs that are gone are left out.
    """
    entered: dict[Path, list[Path]] = {}
    for folder in folders:
        file = book(folder)
        if file is not None:
            entered.setdefault(file, []).append(folder)
    for file, proven in entered.items():
        new = {_key(file, folder): fingerprint(loader.load(folder)) for folder in proven}
        with _alone(file):
            kept = {key: digest for key, digest in _read(file).items() if (file.parent / key / loader.FILE).is_file()}
            _write(file, kept | new)
    return [folder for proven in entered.values() for folder in proven]


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One writer at a time: two proofs that end together must not lose each other's record."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _key(file: Path, folder: Path) -> str:
    return folder.resolve().relative_to(file.parent).as_posix()


def _read(file: Path) -> dict[str, str]:
    try:
        data = json.loads(file.read_text("utf-8") or "{}")
        if not isinstance(data, dict):
            raise ValueError("expected an object")
    except ValueError as error:
        raise UsageError(
            f"{file} cannot be read: {error}.", fix="Replace its content by {}, and prove again."
        ) from None
    return {str(key): str(value) for key, value in data.items()}


def _write(file: Path, records: dict[str, str]) -> None:
    """Replace the file in one step."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".proofs-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(json.dumps(dict(sorted(records.items())), indent=1) + "\n")
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


# -- the code that a proof rests on


def _code(lab: Lab) -> set[Path]:
    """The files of the kinds that a lab uses, of what they import, and of what judges their answers."""
    entries = [*lab.start, *(entry for task in lab.tasks for entry in task.expect)]
    roots = {_module_file(type(each).__module__) for entry in entries for each in _with_controls(entry)}
    own = lab.folder / "checks.py"
    roots |= set(_imports(own)) if own.is_file() else set()
    roots |= {_CHECKS / "core" / name for name in _CORE_OF_CHECKS}
    judges = [*_JUDGES, *(_OF_CLUSTERS if lab.cluster else ())]
    return _closure(path for path in roots if path is not None) | {_RUNNER / name for name in judges}


def _with_controls(entry: Expectation) -> Iterator[Expectation]:
    yield entry
    if entry.control is not None:
        yield from _with_controls(entry.control)


def _closure(roots: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    todo = list(roots)
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imports(path)
    return found


@lru_cache(maxsize=1024)
def _imports(path: Path) -> tuple[Path, ...]:
    """Modules of rung.checks that a file imports, packages left out (their __init__ imports every kind).

    What only a type checker reads judges nothing.
    """
    names: list[str] = []
    tree = ast.parse(path.read_bytes())
    unread = {id(node) for block in ast.walk(tree) if _for_types(block) for node in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(file for name in names if (file := _module_file(name)) is not None)


def _for_types(block: ast.AST) -> bool:
    return isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)


def _module_file(name: str) -> Path | None:
    """The file of a module of rung.checks; None for packages and for what lies elsewhere."""
    if not name.startswith("rung.checks."):
        return None
    path = _CHECKS.joinpath(*name.split(".")[2:]).with_suffix(".py")
    return path if path.is_file() else None
