"""The starting state of a lab is verified; what cannot even be asked is an error that names the lab and the check."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rung.checks.core.channel import CommandTimeout
from rung.checks.core.outcome import Broken, Fail
from rung.checks.core.registry import CheckContext, Expectation
from rung.runner.attempts import setup
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.lab.model import Environment, Lab, MachineSpec, Task

ERRORS: dict[str, Exception] = {
    "fails": Fail("door: expected shut, found open", "roof: expected whole, found none"),
    "takes long": CommandTimeout("sleep 60", 10),
    "is broken": Broken("the tool `door` is missing"),
}


class Ends(Expectation):
    """An expectation that ends as its name says."""

    ends: str
    kind = "ends"
    identity = ("fact",)

    def reasons(self, context: CheckContext) -> Iterator[str]:  # noqa: ARG002
        raise ERRORS[self.ends]

    def facts(self, context: CheckContext) -> dict[str, str]:  # noqa: ARG002
        raise ERRORS[self.ends]

    def sentence(self) -> str:
        return "the house stands"


def said(
    monkeypatch: pytest.MonkeyPatch, *, start: tuple[Expectation, ...] = (), expect: tuple[Expectation, ...] = ()
) -> str:
    """The error of a start with these expectations."""
    monkeypatch.setattr(setup, "_START_SECONDS", 0.0)
    lab = Lab(
        title="A lab",
        objectives=[],
        difficulty="easy",
        minutes=5,
        environment=Environment(machines=[MachineSpec(name="node1")]),
        start=list(start),
        tasks=[Task(id="one", text="Do it.", expect=list(expect))],
        name="a-lab",
    )
    with pytest.raises(EnvironmentBroken) as error:
        setup.apply_start(FakeDriver(), "0badcafe", lab)
    return str(error.value)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        (
            "fails",
            (
                "a-lab is not in its starting state (the house stands): "
                "door: expected shut, found open; roof: expected whole, found none"
            ),
        ),
        (
            "takes long",
            "a-lab is not in its starting state (the house stands): `sleep 60` did not end within 10 s",
        ),
        ("is broken", "a-lab: the house stands cannot be asked: the tool `door` is missing"),
    ],
)
def test_a_start_that_cannot_be_verified_is_said(monkeypatch: pytest.MonkeyPatch, how: str, sentence: str) -> None:
    assert said(monkeypatch, start=(Ends(ends=how),)) == sentence


@pytest.mark.parametrize("how", list(ERRORS))
def test_what_has_no_identity_at_the_start_is_said(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    found = said(monkeypatch, expect=(Ends(ends=how, same=["fact"]),))
    assert found == f"a-lab: one.ends has nothing to keep the same: {ERRORS[how]}"
