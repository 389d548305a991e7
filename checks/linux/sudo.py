"""Kind `sudo`: commands that an account may run as another."""

import re
import shlex
from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.core.channel import Result, quoted
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.accounts import find_account
from rung.checks.linux.tools.reasons import listed, no_answer
from rung.checks.linux.tools.texts import backticked

# "ALL" is tested by these commands: only a rule for everything allows all of them.
_ANYTHING = ("/bin/sh", "/usr/bin/env true", "/usr/bin/tail /etc/shadow", "/usr/bin/passwd root")
# sudo first checks the password and the command, then refuses the option -T (unless `Defaults user_command_timeouts`
# is set). So a complete try is made, and the command never runs.
_TRY = "sudo -k {how} -T 1 -u %s -- "
_ACCEPTED = "not allowed set a command timeout"
_ASKED = re.compile(r"a password is required|a terminal is required to read the password")
_REFUSED = re.compile(r"incorrect password attempt|no password was provided")
# Answers that are no denial: accepted, a password is asked for, or a terminal, which a learner has.
_UNDENIED = re.compile(rf"{_ACCEPTED}|{_ASKED.pattern}|must have a tty")


@kind("sudo")
class Sudo(Expectation):
    """What an account may run through sudo: sudo is asked for each command, and it is tried as that account.

    A try goes as far as sudo's own verdict; the command never runs.
    """

    sudo: str = Field(description="The account's name.")
    may: list[str] = Field(default_factory=list, description="Commands, with arguments, that it may run; ALL for any.")
    may_not: list[str] = Field(
        default_factory=list, description="Commands that it may not run; ALL: not everything is allowed."
    )
    as_: str = Field("root", alias="as", description="The account that the commands run as.")
    password: bool | None = Field(None, description="Whether sudo asks for a password before each command of `may`.")
    password_is: str | None = Field(
        None, description="The password that sudo must accept before each command of `may`."
    )
    valid: bool | None = Field(None, description="Whether all of sudo's files are free of mistakes.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask `sudo -l`, try each command as the account, and ask visudo for `valid`."""
        if self.valid is not None:
            yield from self._validity(context.host)
        # sudo also refuses a command for an unknown account; that refusal says nothing about the rules.
        if absent := [n for n in (self.sudo, self.as_) if n != "root" and find_account(context.host, n) is None]:
            yield from (expected(name, "an account", "none") for name in absent)
            return
        allowed, tried = self._allowed(context.host), self._tries(context.host)
        for command in self.may:
            if not allowed[command] or not _UNDENIED.search(tried.get(command, _ACCEPTED)):
                yield expected(self._subject(command), "to be allowed", "a refusal")
            else:
                yield from self._password_reasons(context.host, command)
        for command in self.may_not:
            if (
                allowed[command]
                or _ACCEPTED in tried.get(command, "")
                or self._accepts_password(context.host, command, tried)
            ):
                yield expected(self._subject(command), "a refusal", "it allowed")

    def _subject(self, command: str) -> str:
        target = f" -u {self.as_}" if self.as_ != "root" else ""
        return f"{self.sudo}: {backticked(f'sudo{target} {command}')}"

    def _allowed(self, host: Machine) -> dict[str, bool]:
        """Whether sudo's policy allows each command; one call asks for all."""
        asked = {c: _ANYTHING if c == "ALL" else (c,) for c in (*self.may, *self.may_not)}
        flat = [probe for probes in asked.values() for probe in probes]
        ask = quoted("sudo -n -l -U %s -u %s -- ", self.sudo, self.as_)
        script = "; ".join(f"{ask}{_words(probe)} 2>&1 >/dev/null; echo $?; echo =" for probe in flat)
        result = host.run(script or "true")
        answers = result.stdout.split("=\n")[:-1]
        if len(answers) != len(flat):
            raise Fail(no_answer(self.sudo, "sudo -l", result))
        verdicts = {p: self._verdict(p, answer) for p, answer in zip(flat, answers, strict=True)}
        return {command: all(verdicts[p] for p in probes) for command, probes in asked.items()}

    def _tries(self, host: Machine) -> dict[str, str]:
        """sudo's message for each command but ALL when the account itself tries it without a password."""
        commands = [c for c in dict.fromkeys((*self.may, *self.may_not)) if c != "ALL"]
        if not commands or not self._listing(host)[1]:
            return {}
        script = "; ".join(
            f"{self._try_command(command, '-n')} 2>&1 >/dev/null </dev/null; echo =" for command in commands
        )
        return dict(zip(commands, host.run(script).stdout.split("=\n"), strict=False))

    def _accepts_password(self, host: Machine, command: str, tried: dict[str, str]) -> bool:
        """Whether the known password makes sudo accept a command for which it asked for a password."""
        if self.password_is is None or not _ASKED.search(tried.get(command, "")):
            return False
        return _ACCEPTED in self._run_try(host, command, "-S -p ''", f"{self.password_is}\n").stderr

    def _try_command(self, command: str, how: str) -> str:
        return quoted(f"runuser -u %s -- {_TRY.replace('{how}', how)}", self.sudo, self.as_) + _words(command)

    def _listing(self, host: Machine) -> tuple[Result, bool]:
        """sudo's list of the account's rights, and whether a try ends before the command runs."""
        listing = host.run("sudo -n -l -U %s", self.sudo)
        return listing, listing.ok and not re.search(r"(?<!!)\buser_command_timeouts\b", listing.stdout)

    def _verdict(self, command: str, answer: str) -> bool:
        """Whether `sudo -l` allows a command; statuses 0 and 1 are answers unless the command does not exist.

        Raises Fail if there is no answer.
        """
        *lines, status = answer.rstrip("\n").split("\n")
        if status in ("0", "1") and not any("command not found" in line for line in lines):
            return status == "0"
        result = Result(int(status) if status.isdigit() else 1, b"", "\n".join(lines).encode())
        raise Fail(no_answer(self._subject(command), "sudo -l", result))

    def _password_reasons(self, host: Machine, command: str) -> Iterator[str]:
        for probe in _ANYTHING[:1] if command == "ALL" else (command,):
            if self.password is not None and (asked := self._is_asked(host, probe)) != self.password:
                words = {True: "a password to be asked for", False: "no password to be asked for"}
                yield expected(self._subject(command), words[self.password], "one" if asked else "none")
            if self.password_is is not None and not self._is_accepted(host, probe):
                yield expected(self._subject(command), "the password asked for to be accepted", "it refused")

    def _is_asked(self, host: Machine, command: str) -> bool:
        result = self._run_try(host, command, "-n")
        if _ACCEPTED in result.stderr or _ASKED.search(result.stderr):
            return _ACCEPTED not in result.stderr
        raise Fail(no_answer(self._subject(command), "sudo -n", result))

    def _is_accepted(self, host: Machine, command: str) -> bool:
        result = self._run_try(host, command, "-S -p ''", f"{self.password_is}\n")
        if _ACCEPTED in result.stderr or _REFUSED.search(result.stderr):
            return _ACCEPTED in result.stderr
        raise Fail(no_answer(self._subject(command), "sudo -S", result))

    def _run_try(self, host: Machine, command: str, how: str, stdin: str = "") -> Result:
        """Try a command as the account itself; sudo refuses it just before it would run."""
        listing, harmless = self._listing(host)
        if not harmless:
            raise Fail(no_answer(self._subject(command), "sudo without user_command_timeouts", listing))
        return host.run(self._try_command(command, how), stdin=stdin)

    def _validity(self, host: Machine) -> Iterator[str]:
        result = host.run("visudo -c")
        if result.rc not in (0, 1):
            raise Fail(no_answer("sudo's files", "visudo -c", result))
        if result.ok != self.valid:
            lines = [x for x in (result.stderr + result.stdout).splitlines() if x and not x.endswith("parsed OK")]
            words = {True: "no mistake", False: "a mistake"}
            yield expected("sudo's files", words[bool(self.valid)], backticked(lines[0]) if lines else "none")

    def sentence(self) -> str:
        words = [f"may run {listed(map(backticked, self.may))}"] if self.may else []
        words += [f"may not run {listed(map(backticked, self.may_not))}"] if self.may_not else []
        target = f" as {self.as_}" if self.as_ != "root" else ""
        style = {None: "", True: ", after a password", False: ", without a password"}[self.password]
        text = f"{self.sudo} {' and '.join(words)} with sudo{target}{style}" if words else ""
        return text or ("sudo's files are free of mistakes" if self.valid else "sudo's files have a mistake")

    def names(self) -> Iterable[str]:
        yield self.sudo
        yield from (shlex.split(c)[0].rpartition("/")[2] for c in (*self.may, *self.may_not) if c != "ALL")
        if self.as_ != "root":
            yield self.as_


def _words(command: str) -> str:
    """The command's words, each quoted for the shell."""
    return shlex.join(shlex.split(command))
