"""What a lab's checks.py declares, read without running it: it is code of somebody who may not be trusted yet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Declared:
    """The checks found in the source. `certain` is false where some are made in a way that only running tells."""

    checks: tuple[tuple[str, str], ...] = ()  # (task, id)
    scored: frozenset[str] = frozenset()  # tasks with a check that gives points
    certain: bool = True
    source: str = ""


def declared(folder: Path) -> Declared:
    """The checks of `folder`/checks.py; none without such a file. A file that is no Python is left to the loader."""
    path = folder / "checks.py"
    if not path.is_file():
        return Declared()
    source = path.read_text("utf-8", "replace")
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Declared(certain=False, source=source)
    calls = sum(isinstance(node, ast.Call) and _is_check(node.func) for node in ast.walk(tree))
    found = list(_checks(tree))
    scored = frozenset(task for task, _, scores in found if scores)
    names = tuple((task, name) for task, name, _ in found)
    return Declared(names, scored, certain=len(found) == calls, source=source)


def _checks(tree: ast.Module) -> Iterator[tuple[str, str, bool]]:
    """Each check's task, its id, and whether it gives points."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and _is_check(decorator.func):
                words = {k.arg: k.value.value for k in decorator.keywords if isinstance(k.value, ast.Constant)}
                if isinstance(words.get("task"), str):
                    scores = not words.get("holds", False) and words.get("points", 1) != 0
                    yield str(words["task"]), str(words.get("id") or node.name), scores


def _is_check(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "check") or (
        isinstance(function, ast.Attribute) and function.attr == "check"
    )
