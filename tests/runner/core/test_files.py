"""Atomic writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rung.runner.core.files import atomic_file, write_atomically


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_atomically(path, b"one")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o600)
    path.chmod(0o640)
    write_atomically(path, b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_stays_where_a_write_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_written_in_pieces_appears_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with atomic_file(path, 0o644) as file:
        file.write(b"one, ")
        assert not path.exists()
        file.write(b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one, two", 0o644)


def test_the_old_file_stays_where_its_writer_fails(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    with pytest.raises(TypeError), atomic_file(path) as file:
        file.writelines([b"tw", None])  # type: ignore[list-item]
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]
