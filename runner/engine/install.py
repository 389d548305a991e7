"""An engine where there is none: Debian's or Ubuntu's own package, installed and started as root.

Nothing that runs is stopped: an engine that answers is used as it is, and one that lacks the runtime
it needs here is told to read its configuration again.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.engine import oci_runtime
from rung.runner.engine.apt import ensure_program
from rung.runner.engine.apt import possible as cannot_install
from rung.runner.engine.connect import Engine, connect
from rung.runner.engine.endpoints import named_by
from rung.runner.engine.info import facts

RUNTIME = "rung"  # the wrapper's name in the engine's configuration
WRAPPER = Path("/usr/local/lib/rung/oci-runtime")
CONFIGURATION = Path("/etc/docker/daemon.json")
PID_FILE = Path("/var/run/docker.pid")
SOCKETS = (Path("/var/run/docker.sock"), Path("/run/docker.sock"))
LOG = Path("/var/log/rung-dockerd.log")
INOTIFY = Path("/proc/sys/fs/inotify/max_user_instances")
INSTANCES = 1024
_START_SECONDS = 60.0
_RELOAD_SECONDS = 5.0


def ensure_engine(progress: Progress = silent) -> Engine:
    """An engine that answers and can run machines, after whatever that takes here.

    Raises EngineGone or EnvironmentBroken with what to do where Rung may not do it itself.
    """
    try:
        engine = connect()
    except EngineGone:
        # An engine that the user chose is not replaced by another.
        if named_by() or (cannot_install() and not _may_start()):
            raise
        return _install(progress)
    if engine.place.socket in SOCKETS and os.geteuid() == 0:
        _mend(engine, progress)
        raise_inotify(progress)
    return engine


def _may_start() -> bool:
    return os.geteuid() == 0 and shutil.which("dockerd") is not None


def _install(progress: Progress) -> Engine:
    # Before the package: its own start of the service then finds the right configuration.
    if wrapper := runtime_wrapper():
        configure(CONFIGURATION, wrapper)
    ensure_program("dockerd", ["docker.io", "ca-certificates"], progress)
    progress("engine", "starting")
    _start()
    raise_inotify(progress)
    return connect()


def raise_inotify(progress: Progress, setting: Path = INOTIFY, kept: Path = Path("/etc/sysctl.d")) -> None:
    """Let this computer's machines have inotify instances enough, now and after a restart.

    The kernel's 128 for each user serve six clusters at most (some 20 each; a machine has four).
    """
    try:
        if int(setting.read_text()) >= INSTANCES:
            return
        progress("engine", f"raising fs.inotify.max_user_instances to {INSTANCES}")
        setting.write_text(str(INSTANCES))
        if kept.is_dir():
            (kept / "60-rung.conf").write_text(f"fs.inotify.max_user_instances = {INSTANCES}\n")
    except OSError:
        return  # not to be had here: a machine that lacks one says so when it boots


def runtime_wrapper(place: Path = WRAPPER) -> Path | None:
    """The OCI runtime for this computer, written to `place`; None where the real one does as it is."""
    if not wrapper_needed():
        return None
    script = f"#!{sys.base_prefix}/bin/python3 -IS\n" + Path(oci_runtime.__file__).read_text()
    if not place.exists() or place.read_text() != script:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_suffix(".new")
        fresh.write_text(script)
        fresh.chmod(0o755)
        fresh.rename(place)  # a container that starts now must not find half a script
    return place


def wrapper_needed() -> bool:
    """Whether an engine started from here lacks capabilities that containers are given.

    Low hard limits alone are no reason: with CAP_SYS_RESOURCE the real runtime may raise them.
    """
    if sys.platform != "linux":
        return False
    return bool(oci_runtime.missing_here())


def configure(path: Path, wrapper: Path) -> bool:
    """Make the wrapper the default runtime in the engine's configuration; whether that changed it."""
    try:
        before: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    except ValueError as error:
        raise EnvironmentBroken(f"{path} is not JSON: {error}", fix="Mend it, or move it away.") from error
    runtimes = {**before.get("runtimes", {}), RUNTIME: {"path": str(wrapper)}}
    after = {**before, "runtimes": runtimes, "default-runtime": RUNTIME}
    if after == before:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(after, indent=2) + "\n")
    return True


def _mend(engine: Engine, progress: Progress) -> None:
    """Register the wrapper with this computer's own engine where that runs without it."""
    pid = _pid_of(PID_FILE)
    if pid is None or facts(engine).default_runtime not in oci_runtime.REAL:
        return
    wrapper = runtime_wrapper()
    if wrapper and configure(CONFIGURATION, wrapper):
        progress("engine", "registering a runtime that asks only for rights this computer has")
        os.kill(pid, signal.SIGHUP)  # read the configuration again: containers go on
        until = time.monotonic() + _RELOAD_SECONDS
        while facts(engine).default_runtime != RUNTIME and time.monotonic() < until:
            time.sleep(0.1)


def _pid_of(path: Path) -> int | None:
    try:
        pid = int(path.read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def _start() -> None:
    """Start the engine and wait until it answers."""
    if Path("/run/systemd/system").is_dir():
        done = subprocess.run(["systemctl", "enable", "--now", "docker"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise EngineGone(f"docker.service does not start: {done.stderr.strip()}", fix="`journalctl -u docker`")
        _wait(None)
        return
    _raise_limits()
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
        )
    _wait(process)


def _raise_limits() -> None:
    """As a service the engine would be given many open files; by hand it takes what it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _wait(process: subprocess.Popen[bytes] | None) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            connect(5).close()
        except EngineGone as gone:
            ended = process is not None and process.poll() is not None
            if ended or time.monotonic() > until:
                why = LOG.read_text(errors="replace").splitlines()[-8:] if process is not None else [str(gone)]
                raise EngineGone("The engine does not start:\n" + "\n".join(why), fix=f"See {LOG}.") from gone
            time.sleep(0.2)
        else:
            return
