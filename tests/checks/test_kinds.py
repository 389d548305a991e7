"""The table of kinds names every kind, and the module that holds it."""

import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

from rung.checks import kubernetes, linux
from rung.checks.core.registry import KINDS
from rung.checks.kinds import KUBERNETES, LINUX, load_kinds


@pytest.mark.parametrize(("package", "table"), [(linux, LINUX), (kubernetes, KUBERNETES)])
def test_every_kind_is_in_the_table_with_the_module_that_defines_it(package: ModuleType, table: dict[str, str]) -> None:
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    places = {name: cls.__module__.rpartition(".") for name, cls in KINDS.items()}
    here = {name: module for name, (parent, _, module) in places.items() if parent == package.__name__}
    assert here == table
    assert list(table) == sorted(here)


def test_no_kind_is_in_both_tables() -> None:
    assert LINUX.keys() & KUBERNETES.keys() == set()


def test_a_kind_that_no_lab_uses_is_not_imported() -> None:
    code = "from rung.checks.kinds import load_kinds; load_kinds()['user']; import sys; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "rung.checks.linux.user_group" in modules
    assert "rung.checks.linux.firewall" not in modules


def test_an_unknown_kind_is_not_in_the_table() -> None:
    assert "usr" not in load_kinds()
    assert len(load_kinds()) == len(set(load_kinds()))
