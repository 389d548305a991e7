"""What checks can ask of a machine or a cluster, and how they judge the answer.

A lab's checks.py imports these names: `from rung.checks import Broken, Cluster, Fail, Host, Values, check`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster
    from rung.checks.core.machine import Machine as Host
    from rung.checks.core.outcome import Broken, Fail
    from rung.checks.core.python_checks import check
    from rung.checks.core.registry import Values

__all__ = ["Broken", "Cluster", "Fail", "Host", "Values", "check"]

_MODULES = {
    "Broken": ("core.outcome", "Broken"),
    "Cluster": ("cluster", "Cluster"),
    "Fail": ("core.outcome", "Fail"),
    "Host": ("core.machine", "Machine"),
    "Values": ("core.registry", "Values"),
    "check": ("core.python_checks", "check"),
}


def __getattr__(name: str) -> object:
    """Import a name at its first use: code that only talks to machines needs neither pydantic nor the kinds."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _MODULES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)
