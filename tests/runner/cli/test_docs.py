"""docs/cli.md is up to date, and every command has examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.cli import docs


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_reported_with_the_command_that_updates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "cli.md"
    monkeypatch.setattr(docs, "PAGE", page)
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == f"{page} is out of date: run `python -m rung.runner.cli.docs`.\n"
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_every_command_has_examples_and_a_help_text() -> None:
    sections = docs.text().split("\n## ")[1:]
    assert len(sections) > 20
    for section in sections:
        assert "Examples:" in section, section.splitlines()[0]
        assert "  -h, --help" in section
