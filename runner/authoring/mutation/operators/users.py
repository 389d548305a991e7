"""Does a thing as another user."""

from __future__ import annotations

from collections.abc import Iterator

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.words import base_name, operands, options

_AS = {"crontab": "-u", "sudo": "-u", "runuser": "-u"}


class OtherUser(Operator):
    """Does as root what another user is to do, and gives to root what another user is to own."""

    name = "other-user"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for section in answer.script.sections:
            if section.user != "root":
                yield change(f"runs as root what `{section.user}` is to run", Edit(section.start, section.end))
        for command in answer.commands:
            flag = _AS.get(base_name(command))
            for option in options(command) if flag else ():
                if option.text == flag and option.value is not None and option.value.text != "root":
                    what = f"says `root` in place of `{option.value.text}` in {quoted(command.text)}"
                    yield change(what, Edit(option.value.start, option.value.end, "root"))
            if base_name(command) == "chown" and (words := operands(command)):
                owner, colon, group = words[0].plain.partition(":")
                for who in ([f"root{colon}{group}"] if owner not in ("", "root") else []) + (
                    [f"{owner}:root"] if group not in ("", "root") else []
                ):
                    what = f"says `{who}` in place of {quoted(words[0].text)} in {quoted(command.text)}"
                    yield change(what, Edit(words[0].start, words[0].end, f'"{who}"'))
