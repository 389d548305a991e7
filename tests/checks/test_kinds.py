"""The table of kinds names every kind, and the module that holds it."""

import importlib
import pkgutil
import subprocess
import sys

import rung.checks.linux
from rung.checks.kinds import load_kinds
from rung.checks.registry import KINDS


def test_every_kind_is_in_the_table_with_the_module_that_defines_it() -> None:
    for module in pkgutil.iter_modules(rung.checks.linux.__path__):
        importlib.import_module(f"rung.checks.linux.{module.name}")
    here = {n: c.__module__.rpartition(".")[2] for n, c in KINDS.items() if c.__module__.startswith("rung.")}
    assert here == rung.checks.linux.MODULES
    assert list(rung.checks.linux.MODULES) == sorted(here)


def test_a_kind_that_no_lab_uses_is_not_imported() -> None:
    code = "from rung.checks.kinds import load_kinds; load_kinds()['user']; import sys; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "rung.checks.linux.accounts" in modules
    assert "rung.checks.linux.firewall" not in modules


def test_an_unknown_kind_is_not_in_the_table() -> None:
    assert "usr" not in load_kinds()
    assert len(load_kinds()) == len(set(load_kinds()))
