"""Python checks: `@check` makes a function of a lab's checks.py a check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class PythonCheck:
    """A function of a lab's checks.py that `check` marked; the fields are those of an expectation.

    `title` is the first line of the function's docstring.
    """

    function: Callable[..., None]
    task: str
    id: str
    title: str
    points: int
    on: str | None
    within: float | None
    holds: bool
    when: Literal["rebooted"] | None


def check(
    *,
    task: str,
    points: int = 1,
    id: str | None = None,  # noqa: A002  # the word of the lab format
    on: str | None = None,
    within: float | None = None,
    holds: bool = False,
    when: Literal["rebooted"] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function of checks.py a check; its docstring's first line is the sentence the learner reads.

    `task` is the task's id, `id` the check's (default the function's name); the other arguments mean what the keys of
    an expectation mean. The function takes any of `host`, `hosts`, `values` and `cluster`, by these names, and raises
    Fail (or Broken). Raises ValueError where it has no docstring.
    """

    def enter(function: Callable[..., None]) -> Callable[..., None]:
        title = (function.__doc__ or "").strip().split("\n")[0].strip()
        if not title:
            raise ValueError(f"{function.__name__}: a check needs a docstring: the sentence the learner reads")
        entry = PythonCheck(function, task, id or function.__name__, title, points, on, within, holds, when)
        function.__rung_check__ = entry  # type: ignore[attr-defined]
        return function

    return enter
