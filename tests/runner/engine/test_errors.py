"""What the engine's errors become, by whichever client it was asked."""

from __future__ import annotations

import docker.errors
import pytest
import requests.exceptions

from rung.runner.core.errors import EngineGone, EngineRefused
from rung.runner.engine.errors import engine_errors, gone
from rung.runner.engine.http import NotFound, Refused, Unanswered

ANSWER = "OCI runtime exec failed: no such file"


@pytest.mark.parametrize(
    "error",
    [Unanswered("nobody listens there"), requests.exceptions.ReadTimeout("nobody listens there")],
)
def test_an_engine_that_does_not_answer_is_gone(error: Exception) -> None:
    with pytest.raises(EngineGone) as found, engine_errors("removing machines"):
        raise error
    assert str(found.value) == "The engine stopped answering while removing machines: nobody listens there"
    assert found.value.fix == "Start it again; `rung doctor` tells more."


@pytest.mark.parametrize("error", [Refused(500, ANSWER), docker.errors.APIError("500", None, ANSWER)])
def test_what_the_engine_refuses_is_told_in_its_words(error: Exception) -> None:
    with pytest.raises(EngineRefused) as found, engine_errors("starting node1"):
        raise error
    assert str(found.value) == f"The engine refused while starting node1: {ANSWER}"
    assert found.value.by_machine


def test_a_full_disk_is_told_apart() -> None:
    with pytest.raises(EngineRefused) as found, engine_errors("creating node1"):
        raise Refused(500, "write /x: no space left on device")
    assert (
        found.value.fix
        == "Free some disk space where the engine keeps its data; `rung stop --all` removes Rung's machines."
    )


def test_errors_of_files_and_of_rung_itself_pass() -> None:
    for error in (FileNotFoundError("x"), ValueError("x")):
        with pytest.raises(type(error)) as found, engine_errors("reading"):
            raise error
        assert found.value is error


def test_what_somebody_else_has_removed_or_is_removing_is_no_error() -> None:
    def raising(error: Exception) -> None:
        raise error

    gone(lambda: raising(NotFound(404, "No such container: x")))
    gone(lambda: raising(Refused(409, "removal of container x is already in progress")))
    with pytest.raises(Refused):
        gone(lambda: raising(Refused(409, "container is paused")))
