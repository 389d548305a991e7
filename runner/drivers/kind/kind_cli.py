"""The program `kind`: which one is used, and how it is run: with a limit, its steps told, ended with its starter."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.progress import Progress, silent

_LINES = 15  # of its output that an error shows
_VERSION = re.compile(r"v(\d+)\.(\d+)")
_END_SECONDS = 5.0
_MOST_SECONDS = 900.0  # that making a cluster may take: kubeadm itself gives up on a control plane after four minutes
_ASK_SECONDS = 10.0
# The first that writes kubeadm's configuration v1beta4, of which kind-config.yaml patches a list: found by comparing
# pkg/cluster/internal/kubeadm/config.go of the modules sigs.k8s.io/kind v0.31.0, which has v1beta3, and v0.32.0.
OLDEST = (0, 32)


@dataclass(frozen=True)
class Installed:
    """The `kind` on PATH."""

    path: str
    version: str | None  # such as v0.33.0; None where it does not tell

    @property
    def fits(self) -> bool:
        """Whether it is new enough for Rung's configuration."""
        numbers = _VERSION.match(self.version or "")
        return numbers is not None and (int(numbers[1]), int(numbers[2])) >= OLDEST


def installed() -> Installed | None:
    """The `kind` on PATH with its version; None where there is none."""
    path = shutil.which("kind")
    if path is None:
        return None
    try:
        asked = subprocess.run(
            [path, "version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=_ASK_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return Installed(path, None)
    return Installed(path, next(filter(_VERSION.match, asked.stdout.split()), None))


def kind_program(progress: Progress = silent) -> str:
    """The path of `kind`: the one on PATH if it is new enough, else the one that Rung compiles (where there is Go)
    or downloads.

    Raises EnvironmentBroken with what to do where there is no way to it.
    """
    found = installed()
    if found is not None and found.fits:
        return found.path
    if shutil.which("go"):
        from rung.runner.images import go_programs

        return str(go_programs.binary("kind", progress))
    import platformdirs

    from rung.runner.drivers.kind.download import downloaded

    return str(downloaded(platformdirs.user_cache_path("rung") / "bin", progress))


def run_kind(
    program: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    progress: Progress = silent,
    limit: float = _MOST_SECONDS,
    stdin: str = "",
) -> None:
    """Run kind to its end, for `limit` seconds at most. Raises EnvironmentBroken with its last lines where it fails.

    It dies with this process (where Linux lets it), so that nothing is made after `rung stop --all`. `stdin` must fit
    into a pipe (64 KiB).
    """
    bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    process = subprocess.Popen(
        [*bound, program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        text=True,
        errors="replace",
        start_new_session=True,  # Ctrl-C is ours to handle
    )
    last: deque[str] = deque(maxlen=_LINES)
    late = threading.Event()
    timer = threading.Timer(limit, _kill, (process, late))
    timer.daemon = True
    timer.start()
    try:
        assert process.stdin is not None
        assert process.stderr is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it may have ended already, and says why
            process.stdin.write(stdin)
        for line in process.stderr:
            last.append(line.rstrip())
            if step := _step(line):
                progress("cluster", step)
        status = process.wait()
    finally:
        timer.cancel()
        _end(process)
    if status != 0:
        how = f"was ended after {limit:g} s" if late.is_set() else f"ended with status {status}"
        raise EnvironmentBroken(
            f"`{Path(program).name} {' '.join(arguments[:2])}` {how}:\n" + "\n".join(last),
            fix="`rung doctor` tells what the engine lacks.",
        )


def _step(line: str) -> str | None:
    """What kind says that it begins with now: ` • Preparing nodes 📦 ...`."""
    begun = line.strip()
    if not begun.startswith("•"):
        return None
    return "".join(c for c in begun if c.isascii()).strip(" .").lower()


def _kill(process: subprocess.Popen[str], late: threading.Event) -> None:
    """Its time is up: kill it and the programs that it runs, which would keep its output open."""
    if process.poll() is None:
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[str]) -> None:
    """Where the work was interrupted: let kind go, and do not wait for it for ever."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr is not None:
        process.stderr.close()
