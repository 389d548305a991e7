"""What the errors of Docker's SDK become."""

from __future__ import annotations

import pytest
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ReadTimeout

from rung.runner.core.errors import EngineGone, EngineRefused
from rung.runner.engine.errors import engine_errors, gone

ANSWER = "OCI runtime exec failed: no such file"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (NoConnection(ConnectionRefusedError(111, "Connection refused")), "nobody listens there"),
        (ReadTimeout("x"), "no answer in time"),
        (ConnectionResetError(104, "reset"), "the connection ended without an answer"),
        (DockerException("out of luck"), "out of luck"),
    ],
)
def test_an_engine_that_does_not_answer_is_gone(error: Exception, why: str) -> None:
    with pytest.raises(EngineGone) as found, engine_errors("removing machines"):
        raise error
    assert str(found.value) == f"The engine stopped answering while removing machines: {why}"
    assert found.value.fix == "Start it again; `rung doctor` tells more."


@pytest.mark.parametrize("error", [APIError(ANSWER), APIError("500 Server Error", None, ANSWER)])
def test_what_the_engine_refuses_is_told_in_its_words(error: Exception) -> None:
    with pytest.raises(EngineRefused) as found, engine_errors("starting node1"):
        raise error
    assert str(found.value) == f"The engine refused while starting node1: {ANSWER}"
    assert found.value.by_machine


def test_a_full_disk_is_told_apart() -> None:
    with pytest.raises(EngineRefused) as found, engine_errors("creating node1"):
        raise APIError("write /x: no space left on device")
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

    gone(lambda: raising(NotFound("No such container: x")))
    gone(lambda: raising(APIError("removal of container x is already in progress")))
    with pytest.raises(APIError):
        gone(lambda: raising(APIError("container is paused")))
