"""Arrows point down: who may import whom, and which library stays where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

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
    "runner/authoring",
    "runner/render",
    "runner/services",
    "runner/shell",
    "runner/cli",
]

# A library -> the only packages and modules that may import it.
HOMES = {
    "click": ("runner.cli",),
    "docker": ("runner.images", "runner.engine"),
    "testinfra": ("checks.core.testinfra_host",),
    "kubernetes": ("checks.client",),
    "websocket": ("checks.client",),
    "sqlalchemy": ("runner.store",),
    "alembic": ("runner.store",),
    "sqlite3": ("runner.store",),
    "rich": ("runner.render", "runner.shell", "runner.cli"),
}


@dataclass(frozen=True)
class Import:
    """One import statement's target, as written: a module, or a name in one."""

    name: str
    line: int
    in_function: bool
    for_types: bool  # under `if TYPE_CHECKING`: never executed


def modules() -> dict[str, Path]:
    """Name below `rung.` -> file, of every module of checks/ and runner/."""
    found = {}
    for top in ("runner", "checks"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
ROW = {folder: number for number, row in enumerate(LAYERS) for folder in row.split()}


def folder(module: str) -> str:
    """The folder that a module lies in; a package's own is the folder that it is."""
    return MODULES[module].parent.relative_to(ROOT).as_posix()


def imports(path: Path) -> list[Import]:
    """Every import statement of a file, at whatever depth, one entry for each name that it may mean."""
    return list(_imports(ast.parse(path.read_text()), in_function=False, for_types=False))


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


def uses(module: str) -> set[str]:
    """The modules of ours that a module imports when it runs; packages only where their own names are meant."""
    found = set()
    for each in imports(MODULES[module]):
        name = each.name.removeprefix("rung.")
        if not each.for_types and name in MODULES and each.name != name:
            found.add(name)
    packages = {name for name in found if MODULES[name].name == "__init__.py"}
    return found - {p for p in packages if any(n.startswith(p + ".") for n in found)} - {module}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_nothing_from_above(module: str) -> None:
    own = folder(module)
    if own == "runner":  # the package around all others holds nothing
        return
    above = {used for used in uses(module) if folder(used) != own and ROW[folder(used)] >= ROW[own]}
    assert above == set()


def test_checks_import_nothing_of_the_runner() -> None:
    assert [n for n in MODULES if n.startswith("checks") and any(u.startswith("runner") for u in uses(n))] == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph = {module: uses(module) for module in MODULES}
    while ends := [module for module, used in graph.items() if not used & graph.keys()]:
        for module in ends:
            del graph[module]
    assert graph == {}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_place(library: str) -> None:
    users = {n for n, p in MODULES.items() if any(i.name.split(".")[0] == library for i in imports(p))}
    assert {n for n in users if not n.startswith(HOMES[library])} == set()


def reachable(*names: str) -> set[str]:
    """Modules that these import, directly or not, also where they do so only when they get there."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses(name)
    return found


@pytest.mark.parametrize("library", ["sqlalchemy", "alembic", "pytest"])
def test_starting_and_checking_a_lab_does_without(library: str) -> None:
    used = reachable("runner.cli.attempts", "runner.cli.check", "runner.services.check", "runner.shell.lab_shell")
    assert "runner.grading.grade" in used
    assert {n for n in used if any(i.name.split(".")[0] == library for i in imports(MODULES[n]))} == set()
