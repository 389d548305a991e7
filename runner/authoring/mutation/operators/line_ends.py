"""Ends a line with something that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.words import base_name

_RETURN = "sed 's/$/\\r/'"


class LineEnds(Operator):
    """Ends the lines of a file in /etc or of a crontab as Windows does, and a value of a Secret with a newline."""

    name = "line-ends"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for command in answer.commands:
            for target in command.writes:
                if target.text.startswith("/etc/") and target.literal is not None:
                    what = f"ends the lines of `{target.text}` with a carriage return"
                    end = command.statement.end
                    yield change(what, Edit(end, end, f"\nsed -i 's/$/\\r/' {target.text}"))
            if base_name(command) == "crontab" and any(
                start == command.start for start, _ in command.statement.stages[1:]
            ):
                what = f"ends the lines of {quoted(command.text)} with a carriage return"
                yield change(what, Edit(command.start, command.start, f"{_RETURN} | "))
            for word in command.words:
                if word.text.startswith("--from-literal="):
                    what = f"puts a newline behind {quoted(word.text)}"
                    yield change(what, Edit(word.end, word.end, "$'\\n'"))
