"""Arrows point down: who may import whom, when, and which library stays where."""

from __future__ import annotations

import re

import pytest

from code_structure import HEAVY, MODULES, ROW, folder, heavy_libraries, imports, reachable, uses

# A library -> the only packages and modules that may import it.
HOMES = {
    "click": ("runner.cli",),
    "docker": ("runner.images", "runner.engine", "runner.drivers.container", "runner.drivers.kind"),
    "testinfra": ("checks.core.machine", "checks.core.testinfra_backend"),
    "kubernetes": ("checks.client",),
    "websocket": ("checks.client",),
    "sqlalchemy": ("runner.store",),
    "alembic": ("runner.store",),
    "sqlite3": ("runner.store",),
    "rich": ("runner.render", "runner.shell", "runner.cli"),
}

# A command imports what it calls when it calls it: with all of it at the top, `rung start` imports 60 modules of ours
# instead of 29 before its first line runs (131 instead of 50 ms).
LATE_FOLDERS = ("runner/services", "runner/shell", "runner/cli")
# pytest loads it in every project of an environment that has Rung.
LATE_MODULES = ("runner.authoring.pytest_plugin",)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_nothing_from_above(module: str) -> None:
    own = folder(module)
    if own == "runner":  # the package around all others holds nothing
        return
    above = {used for used in uses(module) if folder(used) != own and ROW[folder(used)] >= ROW[own]}
    assert above == set()


def test_no_two_folders_import_each_other() -> None:
    arrows = {(folder(module), folder(used)) for module in MODULES for used in uses(module)}
    assert {(one, other) for one, other in arrows if one != other and (other, one) in arrows} == set()


def test_checks_import_nothing_of_the_runner() -> None:
    assert [n for n in MODULES if n.startswith("checks") and any(u.startswith("runner") for u in uses(n))] == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph = {module: uses(module) for module in MODULES}
    while ends := [module for module, used in graph.items() if not used & graph.keys()]:
        for module in ends:
            del graph[module]
    assert graph == {}


@pytest.mark.parametrize("module", MODULES)
def test_a_function_imports_only_what_takes_long_to_load(module: str) -> None:
    """Everything else is imported at the top, where a reader looks for it."""
    if folder(module) in LATE_FOLDERS or module in LATE_MODULES:
        return
    loaded = heavy_libraries(module)
    early = set()
    for each in imports(MODULES[module]):
        name = each.name.removeprefix("rung.")
        if not each.in_function or each.for_types or MODULES.get(name, MODULES["runner"]).name == "__init__.py":
            continue
        if not heavy_libraries(name) - loaded:
            early.add(f"line {each.line}: {name}")
    assert early == set()


def test_the_command_line_parses_calls_a_service_and_renders() -> None:
    """It reaches for nothing below the services but errors, which it turns into sentences and exit codes."""
    allowed = {"runner/services", "runner/render", "runner/shell", "runner/cli", "runner/core"}
    used = {
        (module, other)
        for module in MODULES
        if folder(module) == "runner/cli"
        for other in uses(module)
        if folder(other) not in allowed
    }
    assert used == {("runner.cli.process", "checks.core.channel"), ("runner.cli.process", "checks.cluster")}


def test_services_print_nothing_and_ask_nobody() -> None:
    banned = re.compile(r"^\s*(print\(|import click|from click|input\(|sys\.(stdout|stderr))", re.MULTILINE)
    services = [module for module in MODULES if folder(module) == "runner/services"]
    assert [module for module in services if banned.search(MODULES[module].read_text())] == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_place(library: str) -> None:
    users = {n for n, p in MODULES.items() if any(i.name.split(".")[0] == library for i in imports(p))}
    assert {n for n in users if not n.startswith(HOMES[library])} == set()


@pytest.mark.parametrize("library", ["sqlalchemy", "alembic", "pytest"])
def test_starting_and_checking_a_lab_does_without(library: str) -> None:
    used = reachable("runner.cli.start", "runner.cli.check", "runner.services.check", "runner.shell.lab_shell")
    assert "runner.grading.grade" in used
    assert {n for n in used if any(i.name.split(".")[0] == library for i in imports(MODULES[n]))} == set()


def test_only_modules_that_ask_a_cluster_load_its_client() -> None:
    """They are imported when a cluster is asked, so labs of machines do without it."""
    loading = {module for module in MODULES if "kubernetes" in heavy_libraries(module)}
    assert loading == {f"checks.client.{name}" for name in ("exec_stream", "kubeconfig", "transport")}


@pytest.mark.parametrize("library", HEAVY)
def test_the_help_page_loads_no_heavy_library(library: str) -> None:
    assert library not in heavy_libraries("runner.cli")
