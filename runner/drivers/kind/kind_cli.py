"""The program `kind`: which one is used, the configuration it reads, and how it is run."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.files import write_atomically
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.kind.kind_download import downloaded
from rung.runner.images import go_programs

_LINES = 15  # of its output that an error shows
_VERSION = re.compile(r"v(\d+)\.(\d+)")
_END_SECONDS = 5.0
_MOST_SECONDS = 900.0  # for making a cluster; kubeadm itself gives up on a control plane after four minutes
_ASK_SECONDS = 10.0
# The first version that writes kubeadm's configuration v1beta4, of which kind-config.yaml patches a list; source:
# pkg/cluster/internal/kubeadm/config.go of the modules sigs.k8s.io/kind v0.31.0, which has v1beta3, and v0.32.0.
OLDEST = (0, 32)
CONFIG = "kind-config.yaml"
_WORKER = """\
kind: JoinConfiguration
nodeRegistration:
  name: {name}
"""
# kind has no option for the OCI runtime of its nodes, and runs the `docker` that it finds on PATH.
_DOCKER = """\
#!/bin/sh
# Docker's command for kind: a new container gets the OCI runtime {runtime}.
if [ "$1" = run ]; then
  shift
  exec {docker} run --runtime {runtime} "$@"
fi
exec {docker} "$@"
"""


@dataclass(frozen=True)
class Installed:
    """The `kind` on PATH."""

    path: str
    version: str | None  # such as v0.33.0; None where it does not say

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
    """The path of `kind`: the one on PATH if it is new enough, else one that Rung compiles (where there is Go) or
    downloads.

    Raises EnvironmentBroken with what to do where it can do neither.
    """
    found = installed()
    if found is not None and found.fits:
        return found.path
    if shutil.which("go"):
        return str(go_programs.binary("kind", progress))
    import platformdirs

    return str(downloaded(platformdirs.user_cache_path("rung") / "bin", progress))


def path_with_runtime(runtime: str) -> str:
    """PATH, with a command `docker` at its front that creates containers with this OCI runtime.

    Raises EnvironmentBroken where there is no `docker` on PATH.
    """
    import platformdirs

    folder = platformdirs.user_cache_path("rung") / "bin" / f"docker-{runtime}"
    path = os.pathsep.join(each for each in os.environ.get("PATH", "").split(os.pathsep) if each != str(folder))
    docker = shutil.which("docker", path=path)
    if docker is None:
        raise EnvironmentBroken(
            "kind needs the command `docker`, which is not on PATH.", fix="Install it: `sudo apt-get install docker.io`"
        )
    script = _DOCKER.format(docker=shlex.quote(docker), runtime=shlex.quote(runtime))
    command = folder / "docker"
    if not command.exists() or command.read_text() != script:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(command, script.encode(), 0o755)
    return f"{folder}{os.pathsep}{path}"


def cluster_config(nodes: Sequence[str]) -> str:
    """kind's configuration (YAML) of a cluster with these nodes, the control plane first."""
    import yaml

    config = yaml.safe_load(resources.files("rung.runner.drivers.kind").joinpath(CONFIG).read_text())
    for name in nodes[1:]:
        config["nodes"].append({"role": "worker", "kubeadmConfigPatches": [_WORKER.format(name=name)]})
    text: str = yaml.safe_dump(config, sort_keys=False)
    return text


def run_kind(
    program: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    progress: Progress = silent,
    limit: float = _MOST_SECONDS,
    stdin: str = "",
) -> None:
    """Run kind, for `limit` seconds at most, and pass its steps to `progress`.

    It is killed when this process dies (on Linux, where `setpriv` exists), so that it creates nothing after
    `rung stop --all`. stdin: must fit into a pipe (64 KiB). Raises EnvironmentBroken with kind's last lines where it
    fails.
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
        start_new_session=True,  # Ctrl-C reaches Rung alone, which ends kind itself
    )
    last: deque[str] = deque(maxlen=_LINES)
    late = threading.Event()
    timer = threading.Timer(limit, _kill, (process, late))
    timer.daemon = True
    timer.start()
    try:
        assert process.stdin is not None
        assert process.stderr is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:  # kind has ended already; its output says why
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
    """The step that a line of kind's announces (` • Preparing nodes 📦 ...`), else None."""
    begun = line.strip()
    if not begun.startswith("•"):
        return None
    return "".join(c for c in begun if c.isascii()).strip(" .").lower()


def _kill(process: subprocess.Popen[str], late: threading.Event) -> None:
    """Kill kind, whose time is up, and the programs that it runs, which would keep its output open."""
    if process.poll() is None:
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[str]) -> None:
    """End kind where the work was interrupted, within some seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr is not None:
        process.stderr.close()
