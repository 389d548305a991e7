"""How the `rung` process ends: this module alone turns errors into sentences and exit codes."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from collections.abc import Sequence

import click

INTERRUPTED = 130  # 128 + SIGINT, as shells report it
PIPE_CLOSED = 141  # 128 + SIGPIPE
BUG = 3


class PipeBroke(Exception):
    """Wraps a BrokenPipeError, which click would take for one of our own output, whatever pipe it is from."""


def run(command: click.Command, args: Sequence[str] | None = None) -> int:
    """Run a command, print any error as a sentence, and return the exit code."""
    _prepare()
    try:
        result = command.main(args=args, prog_name="rung", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        return _ended(error)
    return result if isinstance(result, int) else 0


def _prepare() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # not in tests' streams
    with contextlib.suppress(ValueError):  # not in the main thread
        # An exception reaches the code that cleans up and restores the terminal.
        signal.signal(signal.SIGTERM, _terminated)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, _terminated)


def _terminated(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _ended(error: BaseException) -> int:
    """Print the error on stderr, and return the exit code."""
    if isinstance(error, PipeBroke) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, click.Abort | KeyboardInterrupt):
        _say("Interrupted.")
        return INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, BrokenPipeError) and _reader_gone():
        _mute()
        return PIPE_CLOSED
    return _failed(error)


def _failed(error: BaseException) -> int:
    from rung.checks.cluster import ApiRefused, ClusterGone
    from rung.checks.core.channel import CommandTimeout, MachineGone
    from rung.runner.core.errors import EnvironmentBroken, RungError

    if os.environ.get("RUNG_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, MachineGone | CommandTimeout | ApiRefused | ClusterGone):
        api = isinstance(error, ApiRefused | ClusterGone)
        error = EnvironmentBroken(
            ("The cluster's API failed: " if api else "") + _sentence(error),
            fix="`rung status` shows its state; `rung reset` starts it afresh.",
        )
    if isinstance(error, RungError):
        _say(str(error))
        if error.fix:
            _say(f"What to do: {error.fix}")
        return error.exit_code
    what = _sentence(error)
    _say(f"Internal error in Rung ({type(error).__name__}{': ' if what else ''}{what}).")
    _say("Please report it, with what the same command prints under RUNG_DEBUG=1 and with `rung doctor`.")
    return BUG


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def _say(text: str) -> None:
    from rung.runner.render.page import printable

    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        print(printable(text), file=sys.stderr)


def _reader_gone() -> bool:
    """Whether the broken pipe is our own stdout, not a connection to the engine."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), select.POLLOUT)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError, AttributeError):
        return False


def _mute() -> None:
    """Redirect stdout to the null device, so that the interpreter's last flush raises nothing."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
