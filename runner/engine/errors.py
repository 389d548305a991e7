"""The border to the engine: its errors become ours here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rung.runner.core.errors import EngineGone, EngineRefused
from rung.runner.engine.http import NotFound, Refused


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Translate the engine's errors once, at this border, by whichever client it was asked (Rung's own, the SDK)."""
    try:
        yield
    except ConnectionError as error:
        raise _gone(doing, error) from error
    except Refused as error:
        raise _refused(doing, str(error)) from error
    except OSError as error:
        # The SDK's and requests' errors: only where they are loaded can they have been raised.
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
    # The runtime's own words: it met something in the machine's files.
    by_machine = "OCI runtime" in text and not full
    return EngineRefused(f"The engine refused while {doing}: {text}", fix=fix, by_machine=by_machine)


def gone(remove: Callable[[], object]) -> None:
    """Remove something that somebody else may have removed already, or may be removing."""
    try:
        remove()
    except NotFound:
        return
    except Refused as error:
        if "already in progress" not in str(error):
            raise
