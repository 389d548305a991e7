"""Whole processes, timed from outside."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Series:
    """Seconds of several runs of one thing."""

    name: str
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{self.median:.2f} s ({min(self.seconds):.2f}-{max(self.seconds):.2f})"


@dataclass(frozen=True)
class Row:
    """A row of the table. `value` is what `limit` bounds: from above, or with `at_least` from below."""

    what: str
    budget: str
    measured: str
    value: float
    limit: float
    ratio: str = ""
    at_least: bool = False
    cost: str = ""  # where most of the time goes, as a clause: the table says it where the budget is missed

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        verdict = "met" if self.met else "**missed**" + (f": {self.cost}" if self.cost else "")
        return f"| {self.what} | {self.budget} | {self.measured} | {self.ratio} | {verdict} |"


def run(*command: str, env: dict[str, str] | None = None, ok: tuple[int, ...] = (0,)) -> str:
    """A command's stdout; an error with its output where it ends with another status than `ok`."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, stdin=subprocess.DEVNULL)
    if done.returncode not in ok:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def timed(do: Callable[[], object]) -> float:
    """Seconds that `do` takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def in_turns(runs: int, **what: Callable[[], object]) -> dict[str, Series]:
    """Each thing once to warm up, then all of them in turn, `runs` times: drift hits them alike."""
    found = {name: Series(name) for name in what}
    for i in range(runs + 1):
        for name, do in what.items():
            seconds = timed(do)
            if i:
                found[name].seconds.append(seconds)
    return found
