"""The jobs in cron's files, accepted or ignored as cron itself does.

Cron ignores a whole file because of one bad line, a missing last newline, or a wrong owner, mode or name, and
only writes a line to its log. A job in such a file does not run.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine
from rung.checks.core.registry import expected
from rung.checks.linux.tools.cron_times import BadCronTime, CronTime, parse_cron_time

# For each file: its path; `uid mode links` of the target; `uid type` of the name itself; `=` and its bytes in base64.
_READ = r"""
u=%s
for f in /etc/crontab /etc/cron.d/* "/var/spool/cron/crontabs/$u" "/var/spool/cron/$u"; do
  [ -f "$f" ] || continue
  echo "$f"; stat -L -c '%u %a %h' -- "$f"; stat -c '%u %F' -- "$f"; printf =; base64 -w0 -- "$f"; echo
done
echo; cut -d: -f1,3 /etc/passwd
"""
_NAME = re.compile(r"[A-Za-z0-9_-]+")  # names of files in /etc/cron.d that cron reads
_VARIABLE = re.compile(r"""\s*("[^"]*"|'[^']*'|[^\s=]+)\s*=""")
_SYSTEM = "/etc/"


@dataclass(frozen=True)
class Job:
    """One line of a crontab."""

    path: str
    line: int
    when: CronTime
    time: str  # the time as written
    user: str
    command: str  # as the shell gets it: up to the first % that is not escaped

    def __str__(self) -> str:
        return f"`{self.time} {self.command}` in {self.path}"


@dataclass(frozen=True)
class CrontabTable:
    """One file: its jobs if cron accepts it, otherwise why cron ignores it."""

    path: str
    text: str
    jobs: list[Job] = field(default_factory=list)
    fault: str | None = None  # a complete reason


@dataclass(frozen=True)
class CrontabFile:
    """The facts about a crontab file by which cron accepts or ignores it."""

    path: str
    text: str
    uid: int = 0
    mode: int = 0o644
    links: int = 1
    own_uid: int = 0  # of the name itself, which may be a symbolic link
    symbolic: bool = False


def read_crontabs(host: Machine, user: str) -> tuple[list[CrontabTable], Result]:
    """The crontabs that can hold jobs of `user`, and the command's result; if that is not ok, none were read."""
    result = host.run(_READ, user)
    files, _, accounts = result.stdout.partition("\n\n")
    if not result.ok or not accounts:
        return [], Result(result.rc or 1, result.out, result.err)
    users = {name: int(uid) for name, _, uid in (a.partition(":") for a in accounts.split()) if uid}
    lines = files.strip("\n").split("\n") if files.strip("\n") else []
    found = [_file(*lines[i : i + 4]) for i in range(0, len(lines) - 3, 4)]
    return [crontab_table(f, user, users) for f in found], result


def _file(path: str, target: str, name: str, data: str) -> CrontabFile:
    uid, mode, links = target.split()
    own, kind = name.split(" ", 1)
    text = base64.b64decode(data[1:]).decode("utf-8", "replace")
    return CrontabFile(path, text, int(uid), int(mode, 8), int(links), int(own), kind == "symbolic link")


def crontab_table(file: CrontabFile, user: str, users: dict[str, int]) -> CrontabTable:
    """Read a file as cron does. `user` is its owner unless it is a system crontab; `users` maps names to uids."""
    system = file.path.startswith(_SYSTEM)
    fault = _system_fault(file) if system else _spool_fault(file, users.get(user))
    if fault is None and file.text and not file.text.endswith("\n"):
        fault = expected(f"{file.path}: last line", "a newline at its end", "none, so cron ignores the file")
    if fault is not None:
        return CrontabTable(file.path, file.text, fault=fault)
    try:
        return CrontabTable(file.path, file.text, list(_jobs(file, None if system else user, users)))
    except ValueError as error:
        return CrontabTable(file.path, file.text, fault=str(error))


def _system_fault(file: CrontabFile) -> str | None:
    name = file.path.rpartition("/")[2]
    if file.path != "/etc/crontab" and not _NAME.fullmatch(name):
        return expected(f"{file.path}: name", "only letters, digits, _ and - (else cron ignores it)", name)
    if file.uid != 0 or file.own_uid != 0:
        return expected(f"{file.path}: owner", "root (else cron ignores it)", f"uid {file.uid or file.own_uid}")
    if file.mode & 0o022:
        found = f"{file.mode:04o}"
        return expected(f"{file.path}: mode", "not writable by group and others (else cron ignores it)", found)
    return None


def _spool_fault(file: CrontabFile, uid: int | None) -> str | None:
    if uid is None:
        return expected(f"{file.path}: owner", "an account of that name", "none")
    if file.uid not in (0, uid):
        return expected(f"{file.path}: owner", f"uid {uid} (else cron ignores it)", f"uid {file.uid}")
    if file.mode != 0o600:
        return expected(f"{file.path}: mode", "0600 (else cron ignores it)", f"{file.mode:04o}")
    if file.symbolic or file.links > 1:
        return expected(f"{file.path}: type", "a file with one name (else cron ignores it)", "a link")
    return None


def _jobs(file: CrontabFile, owner: str | None, users: dict[str, int]) -> Iterator[Job]:
    """The jobs in a file; if `owner` is None, each line names its user. Raises ValueError with a reason."""
    for number, line in enumerate(file.text.split("\n"), 1):
        text = line.lstrip(" \t")
        if text and not text.startswith("#") and not _VARIABLE.match(text):
            yield _job(file.path, number, text, owner, users)


def _job(path: str, number: int, text: str, owner: str | None, users: dict[str, int]) -> Job:
    place = f"{path}, line {number}"
    count = 1 if text.startswith("@") else 5
    words = re.split(r"[ \t]+", text, maxsplit=count)
    time, command = " ".join(words[:count]), words[count] if len(words) > count else ""
    try:
        when = parse_cron_time(time)
    except BadCronTime as bad:
        raise ValueError(expected(f"{place}: {bad}", "one that cron reads", f"`{time}`")) from None
    if owner is None:
        owner, *rest = re.split(r"[ \t]+", command, maxsplit=1)
        if owner not in users or not rest:
            raise ValueError(expected(f"{place}: user", "an account's name before the command", owner or "none"))
        command = rest[0]
    elif command.split(maxsplit=1)[:1] == [owner]:
        raise ValueError(expected(f"{place}: command", "a program (this crontab has no user field)", owner))
    return Job(path, number, when, time, owner, _effective(command))


def _effective(command: str) -> str:
    """The command that the shell gets: it ends at a bare %, and \\% stands for %."""
    return re.sub(r"\\%", "%", re.split(r"(?<!\\)%", command, maxsplit=1)[0])
