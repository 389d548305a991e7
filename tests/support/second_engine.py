"""A second Docker engine, which tests may stop and whose disk they may fill; with cgroup v2 on a machine whose own
hierarchy is v1.

It runs in mount and network namespaces of its own; in the first /sys/fs/cgroup is the (empty) v2 hierarchy: enough for
systemd machines, without the cpu and memory controllers. Needs root, `unshare` and `dockerd`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from docker.errors import DockerException

from rung.runner.engine.connect import Engine
from rung.runner.engine.endpoints import Endpoint

_SCRIPT = r"""
ip link set lo up
for m in $(awk '$2 ~ "^/sys/fs/cgroup" {print $2}' /proc/mounts | sort -r); do umount "$m"; done
mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 1
echo "{}" >"$1/daemon.json"
exec dockerd --config-file "$1/daemon.json" --data-root "$1/data" \
  --exec-root "$1/exec" --pidfile "$1/pid" -H "unix://$1/sock" \
  --bridge=none --iptables=false --ip-forward=false ${2:+--add-runtime "rung=$2"}
"""


def possible() -> str | None:
    """Why a second engine cannot be started here, or None."""
    if os.geteuid() != 0:
        return "a second engine needs root"
    missing = [p for p in ("dockerd", "unshare") if not shutil.which(p)]
    if missing:
        return f"a second engine needs {' and '.join(missing)}"
    if "cgroup2" not in Path("/proc/filesystems").read_text():
        return "this kernel has no cgroup v2"
    return None


class SecondEngine:
    """An engine with its data in `folder`/data, which may be stopped and started. `runtime`: an OCI runtime to use."""

    def __init__(self, folder: Path, runtime: Path | None) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/sock"
        self._command = ["unshare", "-m", "-n", "--propagation", "private", "sh", "-c", _SCRIPT, "sh"]
        self._command += [str(folder), str(runtime or "")]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Engine:
        """Start it; the way to it."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        return _connect(self.folder / "sock", self._process, self.folder / "log")

    def stop(self) -> None:
        """Stop it as a system's shutdown does: its containers first."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own (in memory) at `folder`, which exists."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    """Not a byte is free on the disk of `folder` meanwhile."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def second_engine(folder: Path, runtime: Path | None) -> Iterator[Engine]:
    """Start an engine with its data below `folder`; the way to it. `runtime`: an OCI runtime to use."""
    engine = SecondEngine(folder, runtime)
    try:
        with contextlib.closing(engine.start()) as answering:
            yield answering
    finally:
        engine.stop()


def _connect(sock: Path, process: subprocess.Popen[bytes], log: Path) -> Engine:
    engine = Engine(Endpoint(f"unix://{sock}", "a second engine"))
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if engine.place.absent() is None:
            with contextlib.suppress(DockerException):
                engine.greet()
                return engine
        time.sleep(0.2)
    raise RuntimeError("the second engine did not start:\n" + log.read_text(errors="replace")[-2000:])
