"""The whole table of kinds. A lab uses a handful of them, so each module is imported at its first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from rung.checks import kubernetes, linux
from rung.checks.registry import KINDS, Expectation

MODULES = {
    name: f"{table.__name__}.{module}" for table in (linux, kubernetes) for name, module in table.MODULES.items()
}


class Kinds(Mapping[str, type[Expectation]]):
    """Name -> class; the names are known without importing a class."""

    def __getitem__(self, name: str) -> type[Expectation]:
        if name not in KINDS and name in MODULES:
            import_module(MODULES[name])
        return KINDS[name]

    def __contains__(self, name: object) -> bool:
        return name in MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


def load_kinds() -> Kinds:
    """Name -> class of every kind that there is."""
    return Kinds()
