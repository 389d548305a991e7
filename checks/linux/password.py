"""Kind `password`: an account's password and its ageing, see shadow(5)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import ClassVar

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import no_answer
from rung.checks.linux.tools.shadow_entry import ShadowEntry, read_shadow

# The machine's libcrypt knows its own methods (yescrypt). Hash and password come on stdin: arguments are visible.
_PERL = 'my ($h, $p) = <STDIN>; chomp $h; my $c = crypt($p, $h); print defined $c && $c eq $h ? "yes" : "no"'
_PYTHON = (
    "import crypt, sys; h = sys.stdin.readline().rstrip(); print(('no', 'yes')[crypt.crypt(sys.stdin.read(), h) == h])"
)
_TRY = "if [ -x /usr/bin/perl ]; then perl -e %s; else python3 -W ignore -c %s; fi"


@kind("password")
class Password(Expectation):
    """An account's password: what it is, whether it is locked, how it ages."""

    identity: ClassVar[tuple[str, ...]] = ("hash",)

    password: str = Field(description="The account's name.")
    is_: str | None = Field(None, alias="is", description="The password itself, tried against the hash.")
    locked: bool | None = Field(
        None, description="No password can log in: the hash is disabled (`!` or `*` before it)."
    )
    max_days: int | None = Field(None, description="Days until it must be changed; -1 for never.")
    min_days: int | None = Field(None, description="Days before it may be changed again.")
    warn_days: int | None = Field(None, description="Days of warning before it expires.")
    inactive_days: int | None = Field(
        None, description="Days after its end until the account is disabled; -1 for never."
    )
    expires: str | None = Field(
        None,
        pattern=r"^(never|\d{4}-\d\d-\d\d)$",
        description='The date on which the account expires (YYYY-MM-DD), or "never".',
    )
    must_change: bool | None = Field(None, description="It must be changed at the next login.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Read the shadow entry by getent, and try the password against the hash."""
        found = read_shadow(context.host, self.password)
        if found is None:
            yield expected(self.password, "an account", "none")
            return
        yield from self._state_reasons(context.host, found)
        for what, want, got in (
            ("most days", self.max_days, found.max_days),
            ("fewest days", self.min_days, found.min_days),
            ("days of warning", self.warn_days, found.warn_days),
            ("days until disabled", self.inactive_days, found.inactive_days),
        ):
            if want is not None and want != (-1 if got is None else got):
                yield expected(f"{self.password}: {what}", _days(want), _days(-1 if got is None else got))
        if self.expires is not None and self.expires != (got_date := _date(found.expires)):
            yield expected(f"{self.password}: account expires", self.expires, got_date)

    def _state_reasons(self, host: Machine, found: ShadowEntry) -> Iterator[str]:
        if self.locked is not None and found.locked != self.locked:
            words = {True: "locked", False: "unlocked"}
            yield expected(f"{self.password}: password", words[self.locked], words[found.locked])
        if self.is_ is not None and (wrong := self._other_password(host, found)) is not None:
            yield expected(f"{self.password}: password", "the one asked for", wrong)
        if self.must_change is not None and found.must_change != self.must_change:
            words = {True: "to be changed at the next login", False: "to be valid as it is"}
            yield expected(f"{self.password}: password", words[self.must_change], words[found.must_change])

    def _other_password(self, host: Machine, found: ShadowEntry) -> str | None:
        """What is found instead of the expected password; None if it is the expected one."""
        if found.locked:
            return "a locked one"
        if not found.hash:
            return "none"
        result = host.run(_TRY, _PERL, _PYTHON, stdin=f"{found.hash}\n{self.is_}")
        if result.stdout.strip() not in ("yes", "no"):
            raise Fail(no_answer(f"{self.password}: password", "perl or python3", result))
        return None if result.stdout.strip() == "yes" else "another"

    def sentence(self) -> str:
        phrases = [text for text in self._phrases() if text]
        return f"The account {self.password} " + (", ".join(phrases) or "has a password entry")

    def _phrases(self) -> Iterator[str]:
        if self.is_ is not None:
            yield "has the password asked for"
        if self.locked is not None:
            yield "has a locked password" if self.locked else "has an unlocked password"
        if self.must_change is not None:
            yield "must change it at the next login" if self.must_change else "need not change it now"
        for words, never, value in (
            ("must change it after {}", "never has to change it", self.max_days),
            ("may change it after {}", "may change it at any time", self.min_days),
            ("is warned {} before", "is never warned", self.warn_days),
            ("is disabled {} after its end", "is never disabled after its end", self.inactive_days),
        ):
            if value is not None:
                yield never if value < 0 else words.format(f"{value} day{'' if value == 1 else 's'}")
        if self.expires is not None:
            yield f"expires {'never' if self.expires == 'never' else 'on ' + self.expires}"

    def names(self) -> Iterable[str]:
        return [n for n in (self.password, self.is_) if n is not None]

    def facts(self, context: CheckContext) -> dict[str, str]:
        """A digest of the hash, so that the hash itself is not recorded; `none` without an account."""
        found = read_shadow(context.host, self.password)
        return {"hash": "none" if found is None else sha256(found.hash.encode()).hexdigest()[:12]}


def _days(count: int) -> str:
    return "never" if count == -1 else str(count)


def _date(days: int | None) -> str:
    """The ISO date of a number of days since 1970; an empty field and -1 mean never."""
    if days is None or days < 0:
        return "never"
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()
