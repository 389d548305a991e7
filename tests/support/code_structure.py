"""The structure of the code, read from its import statements: modules, folders, layers, circles, late imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

# From the ground up, a row of folders each. A module imports from its own folder and from rows above its own.
LAYERS = [
    "checks/core runner/core",
    "checks/client",
    "checks",
    "checks/linux/tools checks/kubernetes/tools",
    "checks/linux",
    "checks/kubernetes",
    "runner/lab runner/engine",
    "runner/catalog runner/images",
    "runner/drivers/base",
    "runner/drivers/container runner/drivers/fake",
    "runner/drivers/cluster",
    "runner/drivers/kind runner/drivers/kubeconfig",
    "runner/drivers runner/store",
    "runner/attempts runner/store/migrations runner/store/migrations/versions",
    "runner/doctor runner/grading runner/learning",
    "runner/exams",
    "runner/authoring/mutation/syntax",
    "runner/authoring/mutation/operators",
    "runner/authoring",
    "runner/authoring/mutation",
    "runner/render",
    "runner/services",
    "runner/shell",
    "runner/cli",
]

# Libraries that are imported where they are used -> milliseconds that importing each takes (measured on two cores).
HEAVY = {
    "alembic": 389,
    "docker": 155,
    "filelock": 113,
    "http": 18,
    "jinja2": 79,
    "kubernetes": 306,
    "markdown_it": 62,
    "markupsafe": 5,
    "platformdirs": 12,
    "pydantic": 49,
    "pytest": 120,
    "requests": 90,
    "rich": 57,
    "sqlalchemy": 244,
    "ssl": 13,
    "testinfra": 50,
    "urllib3": 45,
    "websocket": 60,
    "yaml": 32,
}


@dataclass(frozen=True)
class Import:
    """One import statement's target, as written: a module, or a name in one."""

    name: str
    line: int
    in_function: bool
    for_types: bool  # under `if TYPE_CHECKING`: never executed


def _modules() -> dict[str, Path]:
    found = {}
    for top in ("runner", "checks"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


# Name below `rung.` -> file, of every module of checks/ and runner/.
MODULES = _modules()
ROW = {folder: number for number, row in enumerate(LAYERS) for folder in row.split()}


def folder(module: str) -> str:
    """The folder that a module lies in; a package's own is the folder that it is."""
    return MODULES[module].parent.relative_to(ROOT).as_posix()


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Every import statement of a file, at whatever depth, one entry for each name that it may mean."""
    return tuple(_imports(ast.parse(path.read_text()), in_function=False, for_types=False))


def _imports(node: ast.AST, *, in_function: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, in_function, for_types)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield Import(child.module, child.lineno, in_function, for_types)
            for alias in child.names:
                yield Import(f"{child.module}.{alias.name}", child.lineno, in_function, for_types)
        else:
            typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, in_function=in_function or inside, for_types=for_types or typing)


@cache
def uses(module: str, *, late: bool = True) -> frozenset[str]:
    """The modules of ours that a module imports when it runs; `late`: also those that its functions import.

    A package counts only where its own names are meant.
    """
    found = set()
    for each in imports(MODULES[module]):
        name = each.name.removeprefix("rung.")
        if not each.for_types and (late or not each.in_function) and name in MODULES and each.name != name:
            found.add(name)
    packages = {name for name in found if MODULES[name].name == "__init__.py"}
    return frozenset(found - {p for p in packages if any(n.startswith(p + ".") for n in found)} - {module})


def reachable(*names: str, late: bool = True) -> set[str]:
    """These modules and all that they import, directly or not."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses(name, late=late)
    return found


@cache
def heavy_libraries(module: str) -> frozenset[str]:
    """The heavy libraries that are loaded as soon as a module is imported."""
    return frozenset(
        library
        for name in reachable(module, late=False)
        for each in imports(MODULES[name])
        if not each.in_function and not each.for_types and (library := each.name.split(".")[0]) in HEAVY
    )
