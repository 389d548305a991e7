"""What can be asked of a machine or a cluster, and how the answer is judged.

Labs' checks.py imports these names: `from rung.checks import Broken, Cluster, Fail, Host, Values, check`.
"""

from typing import TYPE_CHECKING

from rung.checks.machine import Machine as Host
from rung.checks.outcome import Broken, Fail
from rung.checks.registry import Values, check

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

__all__ = ["Broken", "Cluster", "Fail", "Host", "Values", "check"]


def __getattr__(name: str) -> object:
    """`Cluster` when it is asked for: the labs of machines do without its modules."""
    if name == "Cluster":
        from rung.checks.cluster import Cluster

        return Cluster
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
