"""Arrows point down: who may import whom, and which library stays where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the ground up; a module may import modules of its own level's row or of rows above it in this list.
LEVELS = [
    "checks.outcome checks.match runner.errors",
    "checks.machine checks.transport",
    "checks.api",
    "checks.cluster",
    "checks.registry checks",
    "checks.inside",
    "checks.linux checks.kubernetes",
    "checks.kinds",
    (
        "runner.lab runner.labfile runner.scripts runner.values runner.template runner.yamltree runner.words "
        "runner.manifests runner.rules runner.validation runner.expectations runner.folder runner.tracks runner.ids "
        "runner.journal runner.locks runner.processes runner.pychecks runner.threads"
    ),
    "runner.catalog runner.selection runner.trust runner.permissions runner.schema",
    "runner.drivers runner.images runner.engine",
    (
        "runner.provision runner.canary runner.states runner.making runner.attempt runner.warming runner.findings "
        "runner.doctor_clusters runner.doctor"
    ),
    "runner.judge runner.report runner.report_schema runner.moving runner.rounds runner.grading",
    "runner.record runner.hints runner.proofs runner.exams runner.authoring",
    "runner.store",
    "runner.progress",
    "runner.render runner.render_* runner.junit runner.phases runner.terminal",
    "runner.cli runner.pytest_plugin",
]

# A library -> the only modules that may import it.
HOMES = {
    "click": ("rung.runner.cli",),
    "docker": ("rung.runner.images", "rung.runner.engine"),
    "testinfra": ("rung.checks.transport",),
    "kubernetes": ("rung.checks.api",),
    "websocket": ("rung.checks.api",),
    "sqlalchemy": ("rung.runner.store",),
    "alembic": ("rung.runner.store",),
    "sqlite3": ("rung.runner.store",),
    "rich": ("rung.runner.render", "rung.runner.phases", "rung.runner.terminal", "rung.runner.cli"),
}


def modules() -> dict[str, Path]:
    found = {}
    for top in ("runner", "checks"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = ["rung", *path.relative_to(ROOT).with_suffix("").parts]
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> set[str]:
    """Absolute names of what a module imports anywhere in it, type-checking imports left out."""
    tree = ast.parse(path.read_text())
    skipped = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def level(name: str) -> int | None:
    """The row of the longest entry that is the module or a package around it."""
    best: tuple[int, int] | None = None
    for number, row in enumerate(LEVELS):
        for entry in (f"rung.{word}" for word in row.split()):
            fits = name == entry or name.startswith(entry + ".") or (entry[-1] == "*" and name.startswith(entry[:-1]))
            if fits and (best is None or len(entry) > best[0]):
                best = (len(entry), number)
    return best[1] if best else None


MODULES = {name: path for name, path in modules().items() if name != "rung.runner"}


def test_every_module_has_a_level() -> None:
    assert [name for name in MODULES if level(name) is None] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_nothing_from_above(name: str) -> None:
    mine = level(name)
    assert mine is not None
    above = {
        used: there for used in imports(MODULES[name])
        if used in MODULES and (there := level(used)) is not None and there > mine
    }  # fmt: skip
    assert above == {}


def test_checks_import_nothing_of_the_runner() -> None:
    users = [n for n, p in MODULES.items() if n.startswith("rung.checks")
             and any(i.startswith("rung.runner") for i in imports(p))]  # fmt: skip
    assert users == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_place(library: str) -> None:
    users = {n for n, p in MODULES.items() if any(i.split(".")[0] == library for i in imports(p))}
    assert {n for n in users if not n.startswith(HOMES[library])} == set()


def reachable(*names: str) -> set[str]:
    """Modules that these import, directly or not, also where they do so only when they get there."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imports(MODULES[name]) & MODULES.keys() if name in MODULES else ()
    return found


@pytest.mark.parametrize("library", ["sqlalchemy", "alembic", "pytest"])
def test_starting_and_checking_a_lab_does_without(library: str) -> None:
    used = reachable(*(f"rung.runner.cli.{name}" for name in ("attempts", "starting", "check", "grading", "shelling")))
    assert "rung.runner.grading" in used
    assert {n for n in used if n in MODULES and any(i.split(".")[0] == library for i in imports(MODULES[n]))} == set()
