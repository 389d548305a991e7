"""A lab of two tasks, and an engine that knows which of its facts hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rung.checks.core.channel import Result
from rung.runner.drivers.fake.driver import FakeDriver

LAB = """\
title: Two files
objectives: [rhcsa10-1.08]
difficulty: easy
minutes: 5
environment:
  machines: [{name: node1}]
values:
  colour: [red]
docs: ["touch(1)"]
tasks:
  - id: first
    text: Make `/srv/one`, and colour it {{ colour }}.
    hint: [Look at touch., Or at install.]
    expect:
      - {id: one, title: There is /srv/one, command: get one, points: 2}
  - id: second
    needs: [first]
    text: Make `/srv/two`.
    expect:
      - {id: two, title: There is /srv/two, command: get two}
      - {id: old, title: /srv/old is still there, command: get old, holds: true}
"""
SOLUTION = 'touch /srv/one /srv/two\necho "$colour" > /srv/one\n'


class World(FakeDriver):
    """A fake engine; `get FACT` succeeds for the facts that hold."""

    def __init__(self) -> None:
        super().__init__(answer=self._tell)
        self.holds = {"old"}

    def _tell(self, _machine: str, command: str) -> Result:
        if "get " in command:
            name = command.split("get ")[1].split()[0].strip("'\"")
            return Result(0 if name in self.holds else 1, b"", b"")
        return Result(0, b"running", b"")


@dataclass
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Rung = Callable[..., Said]
