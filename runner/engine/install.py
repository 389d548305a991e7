"""Installs and starts an engine where none answers, from Debian's or Ubuntu's own package, as root.

An engine that runs is never stopped: where it lacks the runtime that Rung needs here, it reads its configuration again.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from pathlib import Path

from rung.runner.core.errors import EngineGone
from rung.runner.core.progress import Progress, silent
from rung.runner.engine.apt import cannot_install, ensure_program
from rung.runner.engine.connect import Engine, connect
from rung.runner.engine.endpoints import named_by
from rung.runner.engine.host_settings import PID_FILE, raise_inotify, register_runtime, running_pid

SOCKETS = (Path("/var/run/docker.sock"), Path("/run/docker.sock"))
LOG = Path("/var/log/rung-dockerd.log")
_START_SECONDS = 60.0


def ensure_engine(progress: Progress = silent) -> Engine:
    """Connect to an engine that can run machines; install, start or configure it first where that is needed.

    Raises EngineGone or EnvironmentBroken with what to do where Rung cannot do it itself.
    """
    try:
        engine = connect()
    except EngineGone:
        # Rung does not replace an engine that the user chose.
        if named_by() or (cannot_install() and not _may_start()):
            raise
        return _install(progress)
    if engine.place.socket in SOCKETS and os.geteuid() == 0:
        if running_pid(PID_FILE) is not None:  # it is Docker's, which PID_FILE belongs to
            register_runtime(engine, progress)
        raise_inotify(progress)
    return engine


def _may_start() -> bool:
    return os.geteuid() == 0 and shutil.which("dockerd") is not None


def _install(progress: Progress) -> Engine:
    # The package itself starts the service, which has to find the configuration.
    register_runtime(progress=progress)
    ensure_program("dockerd", ["docker.io", "ca-certificates"], progress)
    progress("engine", "starting")
    _start()
    raise_inotify(progress)
    return connect()


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
    """Raise the limit of open files as far as possible, as a service manager would for the engine."""
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
