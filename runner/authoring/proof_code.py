"""The code that a lab's proof depends on, found from import statements.

A proof depends on the prover and its verdicts, the kinds that the lab uses, the driver of its machines, and everything
that these import. It does not depend on code that decides no outcome and has tests of its own (`LEFT_OUT`), nor on
kinds that the lab does not use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from rung.checks.core.registry import Expectation
from rung.runner.lab.model import Lab

ROOT = Path(__file__).parents[2]  # the folder that holds checks/ and runner/
_PROVER = ("runner.authoring.prove", "runner.authoring.verdicts")
_MACHINES = "runner.drivers.container.driver"
_CLUSTERS = "runner.drivers.kind.driver"
LEFT_OUT = (
    "runner.core",  # files, locks, processes, errors: nothing here decides an outcome
    "runner.engine",  # how requests reach the engine, not what they ask for
    "runner.images",  # the record holds the tags of images instead
    "runner.catalog",  # which labs there are, and which are trusted
    "runner.exams",  # imported only because the linter reads exams
)


def code_of(lab: Lab) -> set[Path]:
    """The Python files that a lab's proof depends on, without its own `checks.py`, which its digest covers."""
    expectations = [*lab.start, *(each for task in lab.tasks for each in task.expect)]
    names = {*_PROVER, _MACHINES, *((_CLUSTERS,) if lab.cluster else ())}
    names |= {type(each).__module__.removeprefix("rung.") for entry in expectations for each in _with_controls(entry)}
    roots = {path for name in names if (path := _file_of(name)) is not None}
    own = lab.folder / "checks.py"
    return _closure(roots | set(_imported(own) if own.is_file() else ()))


@lru_cache(maxsize=1024)
def decisive_text(path: Path) -> bytes:
    """The syntax tree of a Python file as text, without docstrings, comments and positions.

    A reworded docstring thus invalidates no proof, while any changed expression, name or string does.
    """
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            del node.body[: ast.get_docstring(node, clean=False) is not None]
    return _syntax(tree).encode()


def _syntax(value: object) -> str:
    """A syntax tree as text, without empty fields, which differ between versions of Python."""
    if isinstance(value, list):
        return f"[{', '.join(map(_syntax, value))}]"
    if not isinstance(value, ast.AST):
        return repr(value)
    fields = [(name, inner) for name, inner in ast.iter_fields(value) if inner is not None and inner != []]
    return f"{type(value).__name__}({', '.join(f'{name}={_syntax(inner)}' for name, inner in fields)})"


def _with_controls(entry: Expectation) -> Iterator[Expectation]:
    yield entry
    if entry.control is not None:
        yield from _with_controls(entry.control)


def _closure(roots: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path)
    return found


@lru_cache(maxsize=1024)
def _imported(path: Path) -> tuple[Path, ...]:
    """The files of Rung's modules that a file imports, also in functions; imports for type checkers do not count."""
    tree = ast.parse(path.read_bytes())
    unread = {id(node) for block in ast.walk(tree) if _for_types(block) for node in ast.walk(block)}
    names: list[str] = []
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    ours = (name.removeprefix("rung.") for name in names if name.startswith("rung."))
    return tuple(file for name in ours if (file := _file_of(name)) is not None)


def _for_types(block: ast.AST) -> bool:
    return isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)


def _file_of(module: str) -> Path | None:
    """The file of a module of Rung; None for packages, for modules in `LEFT_OUT`, and for any other name."""
    if any(module == name or module.startswith(f"{name}.") for name in LEFT_OUT):
        return None
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path if path.is_file() else None
