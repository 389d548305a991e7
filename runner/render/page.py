"""The output of commands: a Page, shown with rich on a terminal and as plain text in a pipe.

rich is imported only for a terminal, which keeps commands in scripts fast.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Piece: TypeAlias = str | tuple[str, str]  # text, or text and the name of a style below

STYLES = {
    "title": "bold",
    "strong": "bold",
    "dim": "dim",
    "command": "cyan",
    "passed": "green",
    "failed": "red",
    "blocked": "yellow",
    "broken": "magenta",
    "warning": "yellow",
}
# Control characters in a machine's answer must not control the learner's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    r"""`text` with control characters other than newline and tab written as `\x1b`."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


@dataclass(frozen=True)
class PageLine:
    """One line of styled pieces; `mark` is printed before it, and longer text wraps beside the mark."""

    pieces: tuple[tuple[str, str], ...]
    indent: int = 0
    mark: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class PageTable:
    """Rows of pieces under a header."""

    header: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Markdown:
    """A lab author's text; a pipe gets its source."""

    text: str
    indent: int = 0


@dataclass
class Page:
    """The output of one command."""

    blocks: list[PageLine | PageTable | Markdown] = field(default_factory=list)

    def line(self, *pieces: Piece, indent: int = 0, mark: tuple[str, str] | None = None) -> Page:
        """Add one line, or an empty line without pieces."""
        self.blocks.append(PageLine(tuple(_pair(p) for p in pieces), indent, mark))
        return self

    def table(self, header: tuple[str, ...], rows: list[tuple[Piece, ...]]) -> Page:
        """Add a table."""
        self.blocks.append(PageTable(header, tuple(tuple(_pair(c) for c in row) for row in rows)))
        return self

    def markdown(self, text: str, indent: int = 0) -> Page:
        """Add a lab author's text."""
        self.blocks.append(Markdown(printable(text.strip("\n")), indent))
        return self


def _pair(piece: Piece) -> tuple[str, str]:
    text, style = (piece, "") if isinstance(piece, str) else piece
    return printable(text), style


def plain(page: Page) -> str:
    """The page without colour and without wrapped lines."""
    return "".join(_plain_block(block) + "\n" for block in page.blocks)


def _plain_block(block: PageLine | PageTable | Markdown) -> str:
    if isinstance(block, PageTable):
        return _plain_table(block)
    margin = " " * block.indent
    if isinstance(block, Markdown):
        return "\n".join((margin + line).rstrip() for line in block.text.split("\n"))
    mark = f"{block.mark[0]} " if block.mark else ""
    below = margin + " " * len(mark)
    return (margin + mark + block.text.replace("\n", "\n" + below)).rstrip()


def _plain_table(table: PageTable) -> str:
    rows = [table.header, *(tuple(text for text, _ in row) for row in table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.header))]
    lines = ("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows)
    return "\n".join(lines)


def coloured(page: Page, width: int) -> str:
    """The page for a terminal of `width` columns, with its escape sequences."""
    from rich.console import Console
    from rich.theme import Theme

    file = io.StringIO()
    theme = Theme({"markdown.code": "cyan"})  # the default has a background, which is too conspicuous in a sentence
    console = Console(
        file=file, force_terminal=True, width=width, highlight=False, emoji=False, markup=False, theme=theme
    )
    for block in page.blocks:
        console.print("" if block == PageLine(()) else _rich_block(block))
    return file.getvalue()


def _rich_block(block: PageLine | PageTable | Markdown) -> RenderableType:
    from rich.padding import Padding

    if isinstance(block, PageTable):
        return _rich_table(block)
    if isinstance(block, Markdown):
        from rich.markdown import Markdown as Rendered

        return Padding(Rendered(block.text), (0, 0, 0, block.indent), expand=False)
    return Padding(_rich_line(block), (0, 0, 0, block.indent), expand=False)


def _rich_line(line: PageLine) -> RenderableType:
    from rich.table import Table as Grid
    from rich.text import Text

    text = Text.assemble(*((text, STYLES.get(style, "")) for text, style in line.pieces))
    if line.mark is None:
        return text
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_row(Text(line.mark[0], style=STYLES.get(line.mark[1], "")), text)
    return grid


def _rich_table(table: PageTable) -> RenderableType:
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    names = all(" " not in row[0][0] for row in table.rows)  # names stay on one line; prose wraps
    for number, name in enumerate(table.header):
        grid.add_column(name, no_wrap=number == 0 and names)
    for row in table.rows:
        grid.add_row(*(Text(text, style=STYLES.get(style, "")) for text, style in row))
    return grid


def is_terminal(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that understands escape sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def rendered(page: Page, stream: TextIO) -> str:
    """The page as text for `stream`: coloured for a terminal, plain otherwise."""
    if not is_terminal(stream):
        return plain(page)
    return coloured(page, min(shutil.get_terminal_size().columns, 110))


def show(page: Page, stream: TextIO | None = None) -> None:
    """Print the page: results to stdout (the default), anything else to stderr."""
    stream = sys.stdout if stream is None else stream
    stream.write(rendered(page, stream))
    stream.flush()


def notice(*pieces: Piece) -> None:
    """One line to stderr."""
    show(Page().line(*pieces), sys.stderr)


def stderr_console() -> Console:
    """rich's console on stderr, for spinners."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def duration(seconds: float) -> str:
    """Seconds in words with useful precision: 0.8 s, 42 s, 3 min 20 s, 2 h 05 min, 3 d 4 h."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 point`, `2 points`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def highlighted(text: str, language: str, stream: TextIO) -> str:
    """Source text, with coloured syntax where `stream` is a terminal."""
    if not is_terminal(stream):
        return text
    from rich.syntax import Syntax

    console = stderr_console()
    with console.capture() as captured:
        console.print(Syntax(text, language, theme="ansi_dark", background_color="default", word_wrap=True))
    return captured.get()
