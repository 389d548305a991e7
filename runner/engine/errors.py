"""Translates errors of Docker's SDK into Rung's errors.

The SDK is loaded where an error is translated: modules that load fast name `engine_errors` too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rung.checks.core.causes import causes
from rung.runner.core.errors import EngineGone, EngineRefused

if TYPE_CHECKING:
    from docker.errors import APIError

_MOST = 200  # characters of an answer that a message quotes


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Translate errors of Docker's SDK. `doing` completes “while …” in the message.

    Raises EngineGone where the engine does not answer, EngineRefused where it refuses.
    """
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except APIError as error:  # one of requests' errors too, so it comes first
        raise _refused(doing, explanation(error)) from error
    except (RequestException, DockerException, ConnectionError) as error:
        raise _gone(doing, reason(error)) from error


def explanation(error: APIError) -> str:
    """The engine's own message in an error."""
    return str(error.explanation or error).strip()


def reason(error: BaseException) -> str:
    """Why the engine did not answer, as a clause; requests, urllib3 and the SDK wrap the error that says it."""
    chain = list(causes(error))
    return next((known for inner in chain if (known := _known(inner))), str(chain[-1]) or type(chain[-1]).__name__)


def _known(error: BaseException) -> str | None:
    """The clause for an error that says why; None for one that only wraps it."""
    import http.client
    import ssl

    from docker.errors import APIError
    from requests.exceptions import JSONDecodeError, Timeout

    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, APIError):
        return f"it refused: {explanation(error)[:_MOST]}"
    if isinstance(error, JSONDecodeError):
        return "its answer is not JSON"
    clauses: dict[type[BaseException] | tuple[type[BaseException], ...], str] = {
        (Timeout, TimeoutError): "no answer in time",
        ConnectionRefusedError: "nobody listens there",
        PermissionError: "permission denied",
        FileNotFoundError: "no such socket",
        (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError): (
            "the connection ended without an answer"
        ),
        http.client.IncompleteRead: "its answer ended early",
        http.client.BadStatusLine: "its answer is not HTTP",
        (KeyError, TypeError): "its answer is not that of an engine",  # to the question for its version
    }
    return next((clause for kinds, clause in clauses.items() if isinstance(error, kinds)), None)


def _gone(doing: str, why: str) -> EngineGone:
    return EngineGone(
        f"The engine stopped answering while {doing}: {why}", fix="Start it again; `rung doctor` tells more."
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
    from docker.errors import APIError, NotFound

    try:
        remove()
    except NotFound:
        return
    except APIError as error:
        if "already in progress" not in explanation(error):
            raise
