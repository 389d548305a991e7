"""Makes a change only at run time, or only for the next boot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.shell import Command, Statement
from rung.runner.authoring.mutation.syntax.words import base_name, options, verb_of

# Folders whose files last -> the ones that a restart empties.
_PASSING = re.compile(r"(?<![\w.])/etc/(?=(systemd/(system|journald|network)|sysctl\.d|tmpfiles\.d|modprobe\.d)\b)")


class OnlyNow(Operator):
    """Changes what runs, and nothing that lasts: `start` for `enable --now`, no `--permanent`, `--runtime`, `/run`."""

    name = "only-now"

    def changes(self, answer: Answer) -> Iterator[Change]:
        yield from _without_permanent(answer)
        for command in _of(answer, "systemctl"):
            verb = verb_of(command)
            if verb is None:
                continue
            now = next((option for option in options(command) if option.text == "--now"), None)
            if verb.text in ("enable", "disable"):
                what = "start" if verb.text == "enable" else "stop"
                edits = [Edit(verb.start, verb.end, what)] + ([Edit(now.start, now.end)] if now else [])
                yield change(f"says `{what}` in place of {quoted(command.text)}", *edits)
            if verb.text in ("enable", "mask"):
                yield change(f"adds `--runtime` to {quoted(command.text)}", Edit(verb.end, verb.end, " --runtime"))
            if verb.text == "set-default":
                yield change(
                    f"says `isolate` in place of {quoted(command.text)}", Edit(verb.start, verb.end, "isolate")
                )
        yield from _taken_back(answer)
        matches = list(_PASSING.finditer(answer.script.text))
        if matches:
            what = "writes to `/run` what the answer writes to `/etc`"
            yield change(what, *(Edit(each.start(), each.end(), "/run/") for each in matches))


class OnlyNextBoot(Operator):
    """Changes what lasts, and nothing that runs: `enable` without `--now`, `--permanent` without `--reload`."""

    name = "only-next-boot"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for command in _of(answer, "systemctl"):
            now = next((option for option in options(command) if option.text == "--now"), None)
            if now is not None:
                yield change(f"leaves {quoted(command.text)} for the next boot", Edit(now.start, now.end))
            verb = verb_of(command)
            if verb is not None and verb.text == "isolate":
                yield change(
                    f"says `set-default` in place of {quoted(command.text)}", Edit(verb.start, verb.end, "set-default")
                )
        running = [c.statement for c in _of(answer, "systemctl") if re.search(r"\b(re)?(start|load)\b", c.text)]
        running += [c.statement for c in _of(answer, "firewall-cmd") if "--reload" in c.text]
        whole = [each for each in running if each.kind == "command"]
        if len(whole) > 1:
            names = "leaves everything for the next boot, without a start or reload"
            yield change(names, *(Edit(each.start, each.end, ":") for each in _distinct(whole)))


def _of(answer: Answer, name: str) -> list[Command]:
    return [command for command in answer.commands if base_name(command) == name]


def _distinct(statements: list[Statement]) -> list[Statement]:
    """The statements, each once."""
    return list({id(each): each for each in statements}.values())


def _without_permanent(answer: Answer) -> Iterator[Change]:
    """No `--permanent` anywhere, and no reload, which would undo what is set at run time."""
    edits: list[Edit] = []
    for command in _of(answer, "firewall-cmd"):
        edits += [Edit(o.start, o.end) for o in options(command) if o.text == "--permanent"]
    if edits:
        reloads = [c for c in _of(answer, "firewall-cmd") if "--reload" in c.text]
        edits += [Edit(each.start, each.end, ":") for each in reloads]
        yield change("sets up the firewall at run time only, without `--permanent`", *edits)


def _taken_back(answer: Answer) -> Iterator[Change]:
    """A file that is written below /etc and removed at the end, when what reads it has read it."""
    for command in answer.commands:
        for target in command.writes:
            operator = answer.script.text[command.end : target.start].strip()
            if target.literal is None or not target.text.startswith("/etc/") or operator.endswith(">>"):
                continue
            end = _end_of_part(answer, command.statement.end)
            if end > command.statement.end:
                what = f"removes `{target.text}` again at the end"
                yield change(what, Edit(end, end, f"\nrm -f {target.text}"))


def _end_of_part(answer: Answer, after: int) -> int:
    """Where the last statement ends that runs on the same machine as the same user as the one that ends there."""
    cut = answer.script.text.find("\n#@", after)
    return max(each.end for each in answer.script.statements if cut < 0 or each.end <= cut)
