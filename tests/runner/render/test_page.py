"""Pages: the same words in a pipe and on a terminal, where they are coloured."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.render.page import Page, coloured, count, duration, plain, printable, rendered, show

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def _page() -> Page:
    page = Page().line(("Title", "title"), "  aside").line()
    page.line("all is well", indent=2, mark=("✓", "passed"))
    page.table(("LAB", "LEVEL"), [(("links", "command"), "easy"), ("cron", ("hard", "warning"))])
    return page.markdown("Make `/srv/one`.\n\n* first\n* second\n", indent=3)


def test_a_pipe_gets_plain_text() -> None:
    assert plain(_page()) == (
        "Title  aside\n"
        "\n"
        "  ✓ all is well\n"
        "LAB    LEVEL\n"
        "links  easy\n"
        "cron   hard\n"
        "   Make `/srv/one`.\n"
        "\n"
        "   * first\n"
        "   * second\n"
    )


def test_a_terminal_gets_the_same_words_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = coloured(_page(), 60)
    assert text.startswith("\x1b[1mTitle\x1b[0m  aside\n\n  \x1b[32m✓\x1b[0m all is well\n")
    words = re.findall(r"\w+", _ESCAPE.sub("", text))
    assert words == re.findall(r"\w+", plain(_page()))


def test_long_text_wraps_beside_its_mark() -> None:
    page = Page().line("word " * 20, indent=2, mark=("✗", "failed"))
    lines = _ESCAPE.sub("", coloured(page, 30)).splitlines()
    assert [line[:5] for line in lines] == ["  ✗ w", *["    w"] * (len(lines) - 1)]
    assert all(len(line) <= 30 for line in lines)


def test_brackets_in_a_text_are_not_markup() -> None:
    assert "[bold]x[/bold] :smile:" in _ESCAPE.sub("", coloured(Page().line("[bold]x[/bold] :smile:"), 80))


def test_several_lines_in_one_keep_their_margin() -> None:
    assert plain(Page().line("one\ntwo", indent=4)) == "    one\n    two\n"


@given(st.text())
def test_no_control_character_gets_through(text: str) -> None:
    page = Page().line(text, (text, "failed")).markdown(text)
    page.table(("A",), [(text,)])
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain(page))


def test_control_characters_are_written_out() -> None:
    assert printable("a\x1b[31mb\tc\nd\r") == "a\\x1b[31mb\tc\nd\\x0d"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_depends_on_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert rendered(Page().line(("x", "passed")), io.StringIO()) == "x\n"
    assert "\x1b[32mx" in rendered(Page().line(("x", "passed")), Terminal())


def test_no_colour_and_dumb_terminals_are_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[32m" not in rendered(Page().line(("x", "passed")), Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert rendered(Page().line(("x", "passed")), Terminal()) == "x\n"


def test_show_writes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    show(Page().line("here"))
    assert capsys.readouterr().out == "here\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (0.84, "0.8 s"), (9.96, "10 s"), (119.4, "119 s"), (200, "3 min 20 s"), (7500, "2 h 05 min"),
     (273600, "3 d 4 h")],
)  # fmt: skip
def test_durations_have_useful_precision(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counting() -> None:
    assert (count(1, "point"), count(2, "point"), count(0, "match", "matches")) == ("1 point", "2 points", "0 matches")


def test_in_a_wide_table_prose_wraps_and_headings_are_complete() -> None:
    page = Page().table(("WHAT IT IS ABOUT", "HELD", "NEVER"), [("One long sentence that says it all", "1", "2")])
    lines = [line.rstrip() for line in _ESCAPE.sub("", coloured(page, 32)).splitlines()]
    assert lines == [
        "WHAT IT IS ABOUT     HELD  NEVER",
        "One long sentence    1     2",
        "that says it all",
    ]
