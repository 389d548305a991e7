"""docs/cli.md is as the commands are, and every command has examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.cli import docs


def test_the_page_is_as_the_commands_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_says_how_to_make_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "cli.md"
    monkeypatch.setattr(docs, "PAGE", page)
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == f"{page} is not as the code is. Run `python -m rung.runner.cli.docs`.\n"
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_every_command_has_examples_and_a_help_text() -> None:
    sections = docs.text().split("\n## ")[1:]
    assert len(sections) > 20
    for section in sections:
        assert "Examples:" in section, section.splitlines()[0]
        assert "  -h, --help" in section
