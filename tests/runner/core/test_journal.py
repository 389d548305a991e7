"""The journal keeps what happened, also after a kill or a full disk."""

import json
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.journal import EventJournal


def test_events_come_back_oldest_first_with_their_time(tmp_path: Path) -> None:
    journal = EventJournal(tmp_path / "deep" / "a.jsonl")
    journal.append("starting", lab="users")
    journal.append("hint", task="account", number=1)
    first, second = journal.events()
    assert (first["event"], first["lab"], second["task"]) == ("starting", "users", "account")
    assert first["at"] <= second["at"]


def test_only_named_events_and_the_last_of_them(tmp_path: Path) -> None:
    journal = EventJournal(tmp_path / "a.jsonl")
    for number in (1, 2):
        journal.append("hint", number=number)
    journal.append("stopped")
    assert [e["number"] for e in journal.events("hint")] == [1, 2]
    last = journal.last("hint")
    assert last is not None
    assert last["number"] == 2


def test_a_journal_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert list(EventJournal(tmp_path / "none.jsonl").events()) == []
    assert EventJournal(tmp_path / "none.jsonl").last() is None


def test_an_incomplete_line_is_skipped_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"event": "ready"}\n{"event": "hi')
    journal = EventJournal(path)
    journal.append("stopped")
    assert [e["event"] for e in journal.events()] == ["ready", "stopped"]


def test_each_event_is_one_line_of_json(tmp_path: Path) -> None:
    journal = EventJournal(tmp_path / "a.jsonl")
    journal.append("report", reasons=["expected x,\nfound y"])
    (line,) = journal.path.read_text().splitlines()
    assert json.loads(line)["reasons"] == ["expected x,\nfound y"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full, a disk that is always full")
def test_a_full_disk_is_reported_with_the_path(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to("/dev/full")
    with pytest.raises(EnvironmentBroken) as broken:
        EventJournal(tmp_path / "a.jsonl").append("ready")
    assert str(broken.value) == f"The journal {tmp_path / 'a.jsonl'} cannot be written: No space left on device."
    assert broken.value.fix == "Free some disk space, or set RUNG_HOME to a folder that can be written."
