"""A second Docker engine with cgroup v2 on a machine whose own hierarchy is v1.

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
from typing import TYPE_CHECKING

import docker
import docker.errors

if TYPE_CHECKING:
    from docker import DockerClient

_SCRIPT = r"""
ip link set lo up
for m in $(awk '$2 ~ "^/sys/fs/cgroup" {print $2}' /proc/mounts | sort -r); do umount "$m"; done
mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 1
echo "{}" >"$1/daemon.json"
exec dockerd --config-file "$1/daemon.json" --data-root "$1/data" \
  --exec-root "$1/exec" --pidfile "$1/pid" -H "unix://$1/sock" \
  --bridge=none --iptables=false --ip-forward=false --add-runtime "rung=$2" --default-runtime "$3"
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


@contextlib.contextmanager
def second_engine(folder: Path, runtime: Path | None) -> Iterator[DockerClient]:
    """Start the engine with its data below `folder`; its client. `runtime`: an OCI runtime to use."""
    command = ["unshare", "-m", "-n", "--propagation", "private", "sh", "-c", _SCRIPT, "sh"]
    command += [str(folder), str(runtime or "/usr/sbin/runc"), "rung" if runtime else "runc"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        client = _connect(folder / "sock", process, folder / "log")
        try:
            yield client
        finally:
            client.close()
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connect(sock: Path, process: subprocess.Popen[bytes], log: Path) -> DockerClient:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if sock.exists():
            with contextlib.suppress(docker.errors.DockerException):
                return docker.DockerClient(base_url=f"unix://{sock}", timeout=60)
        time.sleep(0.2)
    raise RuntimeError("the second engine did not start:\n" + log.read_text(errors="replace")[-2000:])
