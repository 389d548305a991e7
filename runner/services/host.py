"""This computer: whether it can run labs, and the images that its machines boot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.progress import Progress, silent

if TYPE_CHECKING:
    from rung.runner.doctor.findings import DoctorFinding
    from rung.runner.images.build import ImageStatus
    from rung.runner.images.prune import Leftover


def diagnose(*, deep: bool = False) -> list[DoctorFinding]:
    """What `rung doctor` finds; deep: also boot a machine and create a cluster, time both, and remove them."""
    from rung.runner.doctor import host

    return list(host.diagnose(deep))


def undo_settings() -> list[str]:
    """Take back the settings that `make lab` changed on this computer as root; a line for each, and none for none.

    Raises EnvironmentBroken where root is needed, or a container still depends on them.
    """
    from rung.runner.engine import host_settings

    return host_settings.undo()


def image_names() -> list[str]:
    """The names of all images."""
    from rung.runner.images.build import names

    return list(names())


def list_images() -> list[ImageStatus]:
    """Every image, and its size in bytes where it is built. Raises EngineGone."""
    from rung.runner.engine.connect import connect
    from rung.runner.images.build import listing

    return list(listing(connect()))


def build_image(name: str, *, force: bool = False, progress: Progress = silent) -> str:
    """Build an image that is missing, or with `force` any; its tag. Raises UsageError, EnvironmentBroken."""
    from rung.runner.engine.connect import connect
    from rung.runner.images import build

    return (build.build if force else build.ensure)(name, connect(), progress)


def save_workload_images(file: Path, progress: Progress = silent) -> list[str]:
    """Write the images that Kubernetes labs deploy to a file; their names. Raises UsageError, EnvironmentBroken."""
    from rung.runner.engine.connect import connect
    from rung.runner.images import workloads

    workloads.save(file, connect(), progress)
    return list(workloads.names())


def leftovers() -> list[Leftover]:
    """What earlier versions of Rung left: images, compiled programs, downloads, packages. Raises EngineGone."""
    from rung.runner.engine.connect import connect
    from rung.runner.images import prune

    return list(prune.leftovers(connect()))


def remove_leftovers(found: Sequence[Leftover], progress: Progress = silent) -> int:
    """Remove what `leftovers` found; the bytes that became free. Raises EngineGone."""
    from rung.runner.engine.connect import connect
    from rung.runner.images import prune

    return prune.remove(connect(), list(found), progress)
