"""Arrows point down: who may import whom, and which library stays where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the ground up; a module may import modules of its own level's row or of rows above it in this list.
LEVELS = [
    ("rung.checks.outcome", "rung.checks.match", "rung.runner.errors"),
    ("rung.checks.machine", "rung.checks.transport"),
    ("rung.checks.registry", "rung.checks"),
    ("rung.checks.linux",),
    ("rung.checks.kinds",),
    (
        "rung.runner.lab", "rung.runner.labfile", "rung.runner.scripts", "rung.runner.values", "rung.runner.template",
        "rung.runner.yamltree", "rung.runner.words", "rung.runner.rules", "rung.runner.validation",
        "rung.runner.expectations", "rung.runner.folder", "rung.runner.tracks", "rung.runner.ids",
        "rung.runner.journal", "rung.runner.pychecks",
    ),
    ("rung.runner.catalog", "rung.runner.selection", "rung.runner.trust", "rung.runner.permissions", "rung.runner.schema"),
    ("rung.runner.drivers", "rung.runner.images", "rung.runner.engine"),
    ("rung.runner.provision", "rung.runner.attempt", "rung.runner.doctor"),
    ("rung.runner.judge", "rung.runner.report", "rung.runner.grading"),
    ("rung.runner.record", "rung.runner.hints", "rung.runner.proofs", "rung.runner.authoring"),
    ("rung.runner.render", "rung.runner.render_attempts", "rung.runner.render_report", "rung.runner.render_tasks", "rung.runner.render_proof",
     "rung.runner.junit", "rung.runner.phases", "rung.runner.terminal"),
    ("rung.runner.cli", "rung.runner.pytest_plugin"),
]  # fmt: skip

# A library -> the only modules that may import it.
HOMES = {
    "click": ("rung.runner.cli",),
    "docker": ("rung.runner.drivers", "rung.runner.images", "rung.runner.engine"),
    "testinfra": ("rung.checks.transport",),
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
        for entry in row:
            if (name == entry or name.startswith(entry + ".")) and (best is None or len(entry) > best[0]):
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
