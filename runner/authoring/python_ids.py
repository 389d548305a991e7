"""Reads what a lab's checks.py declares without running it, since its author may not be trusted yet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Declared:
    """The checks found in the source. `certain` is false where only running it would find all of them."""

    checks: tuple[tuple[str, str], ...] = ()  # (task, id)
    scored: frozenset[str] = frozenset()  # tasks with a check that gives points
    certain: bool = True
    source: str = ""


def declared(folder: Path) -> Declared:
    """The checks of `folder`/checks.py; none where there is no such file. Syntax errors are the loader's to report."""
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
    """(task, id, whether it gives points) of each check."""
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
