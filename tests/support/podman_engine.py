"""The driver's tests against Debian's Podman, on a socket and with data of its own.

    python -m podman_engine [pytest's arguments]      (from tests/support, as root; `make test-podman` does it)

Nothing of this computer's own Podman is touched. It runs with mounts and a network of its own, and sees
cgroup v2, as nearly every Podman does. Images are copied from the engine that answers.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import docker.errors

from rung.runner.engine import host_settings
from rung.runner.engine.apt import ensure_program
from rung.runner.engine.connect import connect
from rung.runner.images import build

PACKAGES = ["podman", "conmon", "netavark", "iptables"]
TESTS = "runner/drivers/container/test_driver.py"
CONFIGURATION = """\
[engine]
runtime = "{name}"
cgroup_manager = "cgroupfs"
events_logger = "file"
[engine.runtimes]
{name} = ["{path}"]
[containers]
# A second hierarchy has no controllers, so no limits can be set, Podman's own default one neither.
pids_limit = 0
[network]
network_backend = "netavark"
"""
_SCRIPT = r"""
for m in $(awk '$2 ~ "^/sys/fs/cgroup" {print $2}' /proc/mounts | sort -r); do umount "$m"; done
mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 1
ip link set lo up
export CONTAINERS_CONF="$1/containers.conf"
exec podman --root "$1/root" --runroot "$1/run" --network-config-dir "$1/networks" \
  system service --time 0 "unix://$1/sock"
"""


@contextlib.contextmanager
def podman(folder: Path) -> Iterator[str]:
    """Podman's API service with its data below `folder`; its address."""
    wrapper = host_settings.runtime_wrapper(folder / "oci-runtime")
    configuration = folder / "containers.conf"
    name, path = ("rung", wrapper) if wrapper else ("runc", "/usr/sbin/runc")
    configuration.write_text(CONFIGURATION.format(name=name, path=path))
    address = f"unix://{folder}/sock"
    # Among processes of their own, what watches each command of a machine ends with Podman.
    command = ["unshare", "-m", "-n", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
    command += ["sh", "-c", _SCRIPT, "sh", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(address, process, folder / "log")
        yield address
    finally:
        process.kill()  # and with it its mounts and every process below it
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(docker.errors.DockerException):
            docker.DockerClient(base_url=address, timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError("podman did not start:\n" + log.read_text(errors="replace")[-2000:])


def copy_image(address: str) -> None:
    """The machine `linux`, from the engine that answers."""
    source = connect()
    target = docker.DockerClient(base_url=address, timeout=300)
    tag = build.ensure("linux", source)
    # Podman gives what it imports its own prefix, and finds it under the short name as well.
    target.images.load(source.sdk.images.get(tag).save(named=True))
    source.close()
    target.close()


def main(arguments: list[str]) -> int:
    ensure_program("podman", PACKAGES)
    with tempfile.TemporaryDirectory(prefix="rung-podman-", dir="/var/tmp") as name, podman(Path(name)) as address:
        copy_image(address)
        command = [sys.executable, "-m", "pytest", TESTS, "-k", "not second", *arguments]
        return subprocess.run(command, env={**os.environ, "DOCKER_HOST": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
