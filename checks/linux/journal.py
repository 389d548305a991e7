"""Kind `journal`: messages in the journal, and whether it persists across boots."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.core.channel import quoted
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.journal_messages import parse_messages
from rung.checks.linux.tools.reasons import listed, no_answer, pattern_found, yes_no
from rung.checks.linux.tools.texts import Regex

# The files that the running journald has open: a changed setting counts only once journald follows it.
_OPEN_FILES = "readlink /proc/$(systemctl show --value -p MainPID systemd-journald.service)/fd/*"


@kind("journal")
class Journal(Expectation):
    """Messages in the journal, of one unit or of all."""

    journal: str = Field(description='The unit, or "*" for every message.')
    matches: list[Regex] = Field(default_factory=list, description="Regular expressions, each found in some message.")
    lacks: list[Regex] = Field(default_factory=list, description="Regular expressions found in no message.")
    persistent: bool | None = Field(
        None,
        description="Whether journald writes below /var/log/journal (a new setting counts after a flush or a restart).",
    )
    identifier: str | None = Field(None, description="Only messages with this syslog identifier.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask journalctl for messages, and journald's open files for where it writes."""
        if self.matches or self.lacks:
            yield from self._message_reasons(context)
        if self.persistent is not None:
            yield from self._persistence(context)

    @property
    def _subject(self) -> str:
        return f"journal of {self.identifier or self.journal}" if self._is_part else "journal"

    @property
    def _is_part(self) -> bool:
        return self.journal != "*" or self.identifier is not None

    def _message_reasons(self, context: CheckContext) -> Iterator[str]:
        unit = "" if self.journal == "*" else quoted(" -u %s", self.journal)
        identifier = "" if self.identifier is None else quoted(" -t %s", self.identifier)
        result = context.host.run(f"journalctl -q --no-pager -o json --output-fields=MESSAGE{unit}{identifier}")
        if not result.ok and (result.rc != 1 or result.stderr.strip()):
            yield no_answer(self._subject, "journalctl", result)
            return
        found = parse_messages(result.stdout)
        for pattern in self.matches:
            if not any(pattern_found(pattern, m) for m in found):
                yield expected(self._subject, f"a message that matches `{pattern}`", f"none of {len(found)}")
        for pattern in self.lacks:
            if hit := next((m for m in found if pattern_found(pattern, m)), None):
                yield expected(self._subject, f"no message that matches `{pattern}`", f"`{hit}`")

    def _persistence(self, context: CheckContext) -> Iterator[str]:
        result = context.host.run(_OPEN_FILES)
        files = [f for f in result.stdout.splitlines() if f.endswith("/system.journal")]
        if not files:
            yield expected("journal", "a journal that journald writes to", "none")
        persistent = any(f.startswith("/var/log/journal/") for f in files)
        if files and persistent != self.persistent:
            yield expected(
                "journal: persistent", yes_no(bool(self.persistent)), f"{yes_no(persistent)} ({listed(files)})"
            )

    def sentence(self) -> str:
        phrases = [f"has a message that matches `{m}`" for m in self.matches]
        phrases += [f"has no message that matches `{m}`" for m in self.lacks]
        if self.persistent is not None:
            phrases.append("is kept on disk" if self.persistent else "is not kept on disk")
        return f"The {self._subject} {listed(phrases) if phrases else 'exists'}"

    def names(self) -> Iterable[str]:
        unit = [] if self.journal == "*" else [self.journal.removesuffix(".service")]
        return [*unit, *([self.identifier] if self.identifier else [])]
