"""What a cluster says of itself: its snapshot from when it was complete, and a mark whether an attempt uses it.

Both are files in the control plane's container, so that they are removed with it, whichever process dies. A learner
may be root there; where the mark is missing, the cluster counts as used and is not given to the next lab.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from docker.errors import APIError

from rung.runner.drivers.cluster.names import container_name
from rung.runner.engine.errors import engine_errors, gone
from rung.runner.lab.model import CONTROL_PLANE

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

# free: as good as new. used: an attempt has it, or had it and it was not cleaned up. leaving: the last attempt on it is
# ending, so no other joins. left: abandoned, its attempt was reset onto another cluster; remove it.
ClusterMark = Literal["free", "used", "leaving", "left"]

_FOLDER = "/kind"
_NOTE = "rung.json"
_STATE = "rung-state"


class ClusterMarks:
    """The marks and snapshots of one engine's clusters. Every method raises EngineGone where that does not answer."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def note(self, cluster: str) -> Mapping[str, Any] | None:
        """The snapshot of a cluster from when it was complete; None before that."""
        content = self._read(cluster, _NOTE)
        try:
            found: Mapping[str, Any] | None = json.loads(content) if content is not None else None
        except ValueError:
            return None
        return found

    def state(self, cluster: str) -> ClusterMark:
        """The cluster's mark; "used" where there is none."""
        match self._read(cluster, _STATE):
            case b"free":
                return "free"
            case b"leaving":
                return "leaving"
            case b"left":
                return "left"
        return "used"

    def complete(self, cluster: str, note: Mapping[str, Any], state: ClusterMark) -> None:
        """Write the snapshot of a cluster that is complete now, and its mark. Raises EngineRefused."""
        with engine_errors("completing a cluster"):
            self._write(cluster, {_NOTE: json.dumps(note).encode(), _STATE: state.encode()})

    def put(self, cluster: str, state: ClusterMark) -> None:
        """Change the mark; a cluster that was removed meanwhile is no error. Raises EngineRefused."""
        with engine_errors("marking a cluster"):
            gone(lambda: self._write(cluster, {_STATE: state.encode()}))

    def _read(self, cluster: str, name: str) -> bytes | None:
        with engine_errors("reading a cluster's mark"):
            try:
                content = self.engine.get_archive(container_name(cluster, CONTROL_PLANE), f"{_FOLDER}/{name}")
                with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                    member = archive.extractfile(archive.getmembers()[0])
                    return member.read() if member is not None else None
            except (APIError, tarfile.TarError, IndexError):
                return None  # no such file, or the cluster is being removed

    def _write(self, cluster: str, files: Mapping[str, bytes]) -> None:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(content), 0o600
                archive.addfile(entry, io.BytesIO(content))
        self.engine.put_archive(container_name(cluster, CONTROL_PLANE), _FOLDER, buffer.getvalue())
