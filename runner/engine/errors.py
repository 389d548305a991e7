"""Translates errors of the engine's clients into Rung's errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rung.runner.core.errors import EngineGone, EngineRefused
from rung.runner.engine.http import NotFound, Refused


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Translate errors of Rung's own client and of Docker's SDK. `doing` completes “while …” in the message.

    Raises EngineGone where the engine does not answer, EngineRefused where it refuses.
    """
    try:
        yield
    except ConnectionError as error:
        raise _gone(doing, error) from error
    except Refused as error:
        raise _refused(doing, str(error)) from error
    except OSError as error:
        # Errors of the SDK and of requests are recognised by name, because importing both takes 155 ms.
        if type(error).__module__ == "docker.errors":
            raise _refused(doing, str(getattr(error, "explanation", None) or error)) from error
        if type(error).__module__ == "requests.exceptions":
            raise _gone(doing, error) from error
        raise


def _gone(doing: str, error: Exception) -> EngineGone:
    return EngineGone(
        f"The engine stopped answering while {doing}: {error}", fix="Start it again; `rung doctor` tells more."
    )


def _refused(doing: str, text: str) -> EngineRefused:
    fix = "`rung doctor` tells what the engine lacks."
    full = "no space left" in text
    if full:
        fix = "Free some disk space where the engine keeps its data; `rung stop --all` removes Rung's machines."
    # The OCI runtime failed on something in the machine's own files, so the learner may have caused it.
    by_machine = "OCI runtime" in text and not full
    return EngineRefused(f"The engine refused while {doing}: {text}", fix=fix, by_machine=by_machine)


def gone(remove: Callable[[], object]) -> None:
    """Call `remove`; an object that is already gone, or that another process is removing, is no error."""
    try:
        remove()
    except NotFound:
        return
    except Refused as error:
        if "already in progress" not in str(error):
            raise
