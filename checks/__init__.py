"""What can be asked of a machine or a cluster, and how the answer is judged.

Labs' checks.py import these names: `from rung.checks import Broken, Cluster, Fail, Host, Values, check`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster
    from rung.checks.core.machine import Machine as Host
    from rung.checks.core.outcome import Broken, Fail
    from rung.checks.core.registry import Values, check

__all__ = ["Broken", "Cluster", "Fail", "Host", "Values", "check"]

_HOME = {
    "Broken": ("core.outcome", "Broken"),
    "Cluster": ("cluster", "Cluster"),
    "Fail": ("core.outcome", "Fail"),
    "Host": ("core.machine", "Machine"),
    "Values": ("core.registry", "Values"),
    "check": ("core.registry", "check"),
}


def __getattr__(name: str) -> object:
    """A name when it is asked for: what only talks to machines does without pydantic and the kinds."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)
