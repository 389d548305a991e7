"""What can be asked of a machine or a cluster, and how the answer is judged.

Labs' checks.py imports these names: `from rung.checks import Broken, Fail, Host, Values, check`.
"""

from rung.checks.machine import Machine as Host
from rung.checks.outcome import Broken, Fail
from rung.checks.registry import Values, check

__all__ = ["Broken", "Fail", "Host", "Values", "check"]
