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
    return _HEAD + "".join(_section(context) for context in _contexts(_context(rung, "rung", None)))


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """The context of each command below (and with) this one, groups before what is in them."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None and not command.hidden:
                yield from _contexts(_context(command, name, context))


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(
        command, info_name=name, parent=parent, terminal_width=_WIDTH, max_content_width=_WIDTH,
        **command.context_settings,
    )  # fmt: skip


def _section(context: click.Context) -> str:
    return f"\n## {context.command_path}\n\n```text\n{context.command.get_help(context).rstrip()}\n```\n"


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
