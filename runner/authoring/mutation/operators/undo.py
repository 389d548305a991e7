"""Does a thing and undoes it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rung.runner.authoring.mutation.operators.base import Answer, Operator
from rung.runner.authoring.mutation.syntax.edit import Change, Edit, change, quoted
from rung.runner.authoring.mutation.syntax.shell import Command
from rung.runner.authoring.mutation.syntax.words import base_name, operands, options, verb_of

_SYSTEMCTL = {
    "enable": "disable", "disable": "enable", "start": "stop", "stop": "start", "mask": "unmask", "unmask": "mask",
}  # fmt: skip
_KUBECTL = {"create": "delete", "apply": "delete", "cordon": "uncordon"}
_DNF = {"install": "remove", "remove": "install", "localinstall": "remove"}


class Undo(Operator):
    """Runs the opposite right after a command: `disable` after `enable`, `--remove-port` after `--add-port`."""

    name = "undo"

    def changes(self, answer: Answer) -> Iterator[Change]:
        for command in answer.commands:
            opposite = _OPPOSITES.get(base_name(command))
            undone = opposite(command) if opposite is not None and not command.here and not command.writes else None
            if undone is not None and command.statement.kind == "command":
                what = f"undoes {quoted(command.text)} by {quoted(undone)}"
                yield change(what, Edit(command.end, command.end, f"\n{undone}"))


def _renamed_verb(pairs: dict[str, str]) -> Callable[[Command], str | None]:
    def opposite(command: Command) -> str | None:
        verb = verb_of(command)
        if verb is None or verb.text not in pairs:
            return None
        return _with(command, verb.start, verb.end, pairs[verb.text])

    return opposite


def _with(command: Command, start: int, end: int, text: str) -> str:
    """The command's text with a stretch of it replaced; offsets are those of the script."""
    return command.text[: start - command.start] + text + command.text[end - command.start :]


def _firewall(command: Command) -> str | None:
    swapped = {"--add-": "--remove-", "--remove-": "--add-"}
    undone = re.sub(r"--(add|remove)-", lambda match: swapped[match[0]], command.text)
    return undone if undone != command.text and "interface" not in undone else None


def _useradd(command: Command) -> str | None:
    words = operands(command)
    return f"userdel -r {words[-1].text}" if words else None


def _usermod(command: Command) -> str | None:
    groups = next((o.value for o in options(command) if o.text == "-G" and o.value is not None), None)
    words = operands(command)
    if groups is None or "," in groups.text or not words:
        return None
    return f"gpasswd -d {words[-1].text} {groups.text}"


def _made(remove: str) -> Callable[[Command], str | None]:
    def opposite(command: Command) -> str | None:
        words = operands(command)
        return f"{remove} {words[-1].text}" if words else None

    return opposite


def _crontab(command: Command) -> str | None:
    user = next((o for o in options(command) if o.text == "-u" and o.value is not None), None)
    return None if user is None or user.value is None else f"crontab -r -u {user.value.text}"


def _rm(command: Command) -> str | None:
    words = operands(command)
    return f"touch {words[-1].text}" if len(words) == 1 and not re.search(r"[*?{]", words[0].text) else None


_OPPOSITES: dict[str, Callable[[Command], str | None]] = {
    "crontab": _crontab,
    "dnf": _renamed_verb(_DNF),
    "firewall-cmd": _firewall,
    "groupadd": _made("groupdel"),
    "kubectl": _renamed_verb(_KUBECTL),
    "ln": _made("rm"),
    "rm": _rm,
    "systemctl": _renamed_verb(_SYSTEMCTL),
    "useradd": _useradd,
    "usermod": _usermod,
}
