"""docs/cli.md: every help page, made from the commands themselves.

python -m rung.runner.cli.docs            writes it
python -m rung.runner.cli.docs --check    says whether it is as the commands are
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from rung.runner.cli import rung

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
_WIDTH = 100
_HEAD = """\
# The command line

Every command's `--help`, made by `python -m rung.runner.cli.docs`.
"""


def text() -> str:
    """The whole page."""
    return _HEAD + "".join(_section(words, command) for words, command in _commands())


def _commands() -> Iterator[tuple[list[str], click.Command]]:
    """Each command with the words that call it, groups before what is in them."""
    waiting: list[tuple[list[str], click.Command]] = [(["rung"], rung)]
    while waiting:
        words, command = waiting.pop(0)
        yield words, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            inner = [([*words, name], command.get_command(context, name)) for name in command.list_commands(context)]
            waiting = [(w, c) for w, c in inner if c is not None] + waiting


def _section(words: list[str], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(words), terminal_width=_WIDTH, max_content_width=_WIDTH)
    return f"\n## {' '.join(words)}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it; the exit code."""
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text():
            return 0
        print(f"{PAGE} is not as the commands are. Run `python -m rung.runner.cli.docs`.", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
