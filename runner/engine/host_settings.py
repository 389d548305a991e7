"""Settings of this computer that Rung changes as root and takes back: the engine's OCI runtime, inotify instances."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from docker.errors import DockerException, NotFound
from requests.exceptions import RequestException

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.files import write_atomically
from rung.runner.core.polling import poll
from rung.runner.core.progress import Progress, silent
from rung.runner.engine import oci_runtime
from rung.runner.engine.client import Engine
from rung.runner.engine.endpoints import Endpoint
from rung.runner.engine.info import RUNTIME, container_runtime

WRAPPER = Path("/usr/local/lib/rung/oci-runtime")
CONFIGURATION = Path("/etc/docker/daemon.json")
PID_FILE = Path("/var/run/docker.pid")
SOCKET = Path("/var/run/docker.sock")
INOTIFY = Path("/proc/sys/fs/inotify/max_user_instances")
SYSCTL = Path("/etc/sysctl.d/60-rung.conf")
INSTANCES = 1024
_RELOAD_SECONDS = 5
_SETTING = "fs.inotify.max_user_instances"

Json = dict[str, Any]


# -- the OCI runtime


def wrapper_needed() -> bool:
    """Whether an engine started from here lacks capabilities that containers are given.

    Low hard limits alone are no reason: with CAP_SYS_RESOURCE the real runtime may raise them.
    """
    return sys.platform == "linux" and bool(oci_runtime.missing_here())


def runtime_wrapper(path: Path) -> Path | None:
    """Write the OCI runtime for this computer to `path`; None where the real one works as it is."""
    if not wrapper_needed():
        return None
    script = f"#!{sys.base_prefix}/bin/python3 -IS\n" + Path(oci_runtime.__file__).read_text()
    if not path.exists() or path.read_text() != script:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, script.encode(), 0o755)  # a container that starts now must not read half a script
    return path


def register_runtime(engine: Engine | None = None, progress: Progress = silent) -> None:
    """Register the wrapper, where it is needed, as the runtime `rung` of this computer's engine.

    The engine's default runtime stays what it is: only Rung's containers name this one. `engine`: the engine that
    runs, which reads the configuration again; containers go on meanwhile. Raises EnvironmentBroken where the
    configuration is not JSON, or where the engine does not take it up.
    """
    wrapper = runtime_wrapper(WRAPPER)
    if wrapper is None:
        return
    before = _read(CONFIGURATION)
    after = with_runtime(before, wrapper)
    if after != before:
        progress("engine", "registering a runtime that asks only for rights this computer has")
        _configure(after, engine)


def with_runtime(configuration: Json, wrapper: Path) -> Json:
    """The engine's configuration with the runtime `rung`; everything else stays as it is."""
    kept = without_runtime(configuration)
    return {**kept, "runtimes": {**kept.get("runtimes", {}), RUNTIME: {"path": str(wrapper)}}}


def without_runtime(configuration: Json) -> Json:
    """The engine's configuration without the runtime `rung`, which earlier versions of Rung made the default."""
    kept = dict(configuration)
    runtimes = {name: runtime for name, runtime in kept.pop("runtimes", {}).items() if name != RUNTIME}
    if kept.get("default-runtime") == RUNTIME:
        del kept["default-runtime"]
    return {**kept, "runtimes": runtimes} if runtimes else kept


def _read(path: Path) -> Json:
    try:
        found = json.loads(path.read_text()) if path.exists() else {}
    except ValueError as error:
        raise EnvironmentBroken(f"{path} is not JSON: {error}", fix="Mend it, or move it away.") from error
    if not isinstance(found, dict):
        raise EnvironmentBroken(f"{path} is not a JSON object.", fix="Mend it, or move it away.")
    return found


def _configure(after: Json, engine: Engine | None) -> None:
    """Write the engine's configuration, and let the engine that runs follow it.

    An engine that reads its configuration again keeps the old value of a key that is no longer there (daemon/reload.go
    of github.com/moby/moby), so it first reads a configuration that names each key.
    """
    pid = running_pid(PID_FILE)
    if engine is not None and pid is not None:
        registered = RUNTIME in after.get("runtimes", {})
        named = {"runtimes": {}, **after}
        if engine.info().get("DefaultRuntime") == RUNTIME:
            named = {"default-runtime": oci_runtime.REAL[0], **named}
        _write(CONFIGURATION, named)
        os.kill(pid, signal.SIGHUP)
        _await_runtime(engine, registered=registered)
    _write(CONFIGURATION, after)


def _await_runtime(engine: Engine, *, registered: bool) -> None:
    def is_taken_up() -> bool:
        info = engine.info()
        return (container_runtime(info) is not None) == registered and info.get("DefaultRuntime") != RUNTIME

    if not poll(is_taken_up, _RELOAD_SECONDS, 0.1):
        raise EnvironmentBroken(
            f"The engine does not take up {CONFIGURATION} within {_RELOAD_SECONDS:g} s.",
            fix="Look into the engine's log for the reason, and restart the engine.",
        )


def _write(path: Path, configuration: Json) -> None:
    """Write the configuration, or remove the file where nothing is left to say."""
    path = path.resolve()
    if configuration:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, (json.dumps(configuration, indent=2) + "\n").encode(), 0o644)
    else:
        path.unlink(missing_ok=True)


def running_pid(path: Path) -> int | None:
    """The process that a PID file names, where that process runs."""
    try:
        pid = int(path.read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


# -- inotify


def raise_inotify(progress: Progress = silent) -> None:
    """Allow each user of this computer 1024 inotify instances, now and after a restart.

    The kernel's default of 128 is enough for six clusters (some 20 instances each; a machine has four).
    """
    try:
        before = int(INOTIFY.read_text())
        if before >= INSTANCES:
            return
        progress("engine", f"raising {_SETTING} to {INSTANCES}")
        INOTIFY.write_text(str(INSTANCES))
        if SYSCTL.parent.is_dir():
            SYSCTL.write_text(f"# It was {before}. `rung doctor --undo` sets it back.\n{_SETTING} = {INSTANCES}\n")
    except OSError:
        return  # This computer does not allow it; a machine that lacks an instance says so when it boots.


def _lower_inotify() -> str | None:
    """Set the number of inotify instances back where nobody has changed it since; what was done."""
    before = re.match(r"# It was (\d+)\.", SYSCTL.read_text())
    try:
        if before is None or int(INOTIFY.read_text()) != INSTANCES:
            return None
        INOTIFY.write_text(before[1])
    except OSError:
        return None
    return f"{_SETTING} is {before[1]} again"


# -- taking back


def undo() -> list[str]:
    """Take back every setting that Rung changed on this computer; a line for each, none where there is nothing.

    Packages stay. Raises EnvironmentBroken where that needs root, where a container uses the runtime, where the
    engine's configuration is not JSON, or where the engine does not take it up.
    """
    configuration = _read(CONFIGURATION)
    kept = without_runtime(configuration)
    if kept == configuration and not WRAPPER.exists() and not SYSCTL.exists():
        return []
    if os.geteuid() != 0:
        raise EnvironmentBroken(
            "Only root can take back what Rung changed on this computer.", fix="`sudo rung doctor --undo`"
        )
    engine = _own_engine()
    if engine is not None and (users := _containers_with_runtime(engine)):
        raise EnvironmentBroken(
            f"Containers use the runtime that would be removed: {', '.join(users)}.",
            fix="`rung stop --all` removes Rung's machines and clusters.",
        )
    done = []
    if kept != configuration:
        _configure(kept, engine)
        done.append(f"{CONFIGURATION} no longer names the runtime `{RUNTIME}`")
    if WRAPPER.exists():
        WRAPPER.unlink()
        if not list(WRAPPER.parent.iterdir()):
            WRAPPER.parent.rmdir()
        done.append(f"{WRAPPER} is removed")
    if SYSCTL.exists():
        if lowered := _lower_inotify():
            done.append(lowered)
        SYSCTL.unlink()
        done.append(f"{SYSCTL} is removed")
    return done


def _own_engine() -> Engine | None:
    """This computer's own engine where it answers, whatever engine the user chose."""
    place = Endpoint(f"unix://{SOCKET}", "this computer's own engine")
    if place.absent():
        return None
    engine = Engine(place)
    try:
        engine.greet(_RELOAD_SECONDS)
    except (RequestException, DockerException):
        return None
    return engine


def _containers_with_runtime(engine: Engine) -> list[str]:
    found = []
    for container in engine.containers():
        try:
            inspected = engine.inspect_container(container["Id"])
        except NotFound:
            continue
        if inspected["HostConfig"].get("Runtime") == RUNTIME:
            found.append(str(inspected["Name"]).lstrip("/"))
    return sorted(found)
