"""Files that a reader finds whole: with the old content or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file in one step; the content is on the disk before the call returns.

    `mode`: the permissions of a new file; a file that exists keeps its own. Raises OSError; the old file stays then.
    """
    with atomic_file(path, mode) as file:
        file.write(content)


@contextmanager
def atomic_file(path: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """A file to write to, which replaces `path` in one step at the end of the block, once it is on the disk.

    `mode`: as `write_atomically` takes it. Raises OSError; the old file stays then, and after an error in the block.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            mode = path.stat().st_mode & 0o7777
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
