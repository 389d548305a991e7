"""What the fixture `boot` is, for the tests' annotations."""

from collections.abc import Callable

from rung.checks.core.machine import Machine

Boot = Callable[..., dict[str, Machine]]
