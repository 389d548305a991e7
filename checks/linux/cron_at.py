"""Kinds `cron` and `at`: jobs that run at set times."""

from collections.abc import Iterable, Iterator

from pydantic import Field, field_validator

from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools import crontab_files
from rung.checks.linux.tools.at_queue import QUEUE_SCRIPT, parse_queue
from rung.checks.linux.tools.cron_times import BadCronTime, parse_cron_time, same_cron_times
from rung.checks.linux.tools.reasons import no_answer, pattern_found, yes_no
from rung.checks.linux.tools.texts import Regex


@kind("cron")
class Cron(Expectation):
    """Jobs of a user in their crontab, /etc/crontab or /etc/cron.d, as cron itself accepts them."""

    cron: str = Field(description="The user that the job runs as.")
    command: Regex | None = Field(None, description="A regular expression, searched in the job's command.")
    schedule: str | None = Field(
        None, description="Five fields or a @name; all matching jobs together run at exactly these times."
    )
    exists: bool = Field(True, description="false: the user has no such job.")
    count: int | None = Field(None, ge=0, description="How many such jobs there are.")
    allowed: bool | None = Field(
        None, description="Whether cron.allow and cron.deny let the user use crontab (asked as the user)."
    )

    @field_validator("schedule")
    @classmethod
    def _is_read_by_cron(cls, schedule: str | None) -> str | None:
        if schedule is not None:
            try:
                parse_cron_time(schedule)
            except BadCronTime as bad:
                raise ValueError(f"cron does not read its {bad}") from bad
        return schedule

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Read the crontabs as cron does; for `allowed`, run `crontab -l` as the user."""
        tables, result = crontab_files.read_crontabs(context.host, self.cron)
        if not result.ok:
            yield no_answer(f"{self.cron}: cron", "stat", result)
            return
        jobs = [j for t in tables for j in t.jobs if j.user == self.cron and self._fits(j.command)]
        if self.exists and self._asks_for_jobs:
            yield from self._differences(jobs, tables)
        elif not self.exists:
            yield from (expected(f"{self.cron}: cron", f"no {self._job}", j) for j in jobs if self._timed([j]))
        if self.allowed is not None:
            yield from self._permission(context)

    def _fits(self, command: str) -> bool:
        return self.command is None or pattern_found(self.command, command)

    def _timed(self, jobs: list[crontab_files.Job]) -> bool:
        return self.schedule is None or same_cron_times([parse_cron_time(self.schedule)], [j.when for j in jobs])

    @property
    def _asks_for_jobs(self) -> bool:
        """Whether jobs are asked about: false if `allowed` is the only key."""
        asked = (self.command, self.schedule, self.count)
        return self.allowed is None or any(word is not None for word in asked)

    @property
    def _job(self) -> str:
        return "job" if self.command is None else f"job whose command matches `{self.command}`"

    def _differences(self, jobs: list[crontab_files.Job], tables: list[crontab_files.CrontabTable]) -> Iterator[str]:
        if not jobs and self.count != 0:
            yield expected(f"{self.cron}: cron", f"a {self._job}", "none")
            own = f"/{self.cron}"
            yield from (t.fault for t in tables if t.fault and (t.path.endswith(own) or self._mentioned(t)))
            return
        if not self._timed(jobs):
            yield expected(f"{self.cron}: schedule", self.schedule, "; ".join(j.time for j in jobs))
        if self.count is not None and len(jobs) != self.count:
            yield expected(f"{self.cron}: number of jobs", self.count, len(jobs))

    def _mentioned(self, table: crontab_files.CrontabTable) -> bool:
        """Whether the text of a file that cron ignores seems to hold the job."""
        return self._fits(table.text) if self.command else self.cron in table.text

    def _permission(self, context: CheckContext) -> Iterator[str]:
        result = context.host.run("crontab -l", user=self.cron)
        denied = "not allowed to use this program" in result.stderr
        if not denied and not result.ok and "no crontab for" not in result.stderr:
            yield no_answer(f"{self.cron}: crontab allowed", "crontab -l", result)
        elif denied is self.allowed:
            yield expected(f"{self.cron}: crontab allowed", yes_no(self.allowed), yes_no(not denied))

    def sentence(self) -> str:
        if not self.exists:
            return f"Cron has no {self._job} of {self.cron}"
        if not self._asks_for_jobs:
            return f"{self.cron} may{'' if self.allowed else ' not'} use crontab"
        when = f" at the times `{self.schedule}`" if self.schedule else ""
        return f"Cron runs a {self._job} as {self.cron}{when}"

    def names(self) -> Iterable[str]:
        return [] if self.cron == "root" else [self.cron]


@kind("at")
class At(Expectation):
    """Jobs of a user that wait in at's queue."""

    at: str = Field(description="The user that the job runs as.")
    command: Regex | None = Field(None, description="A regular expression, searched in the job's script.")
    time: str | None = Field(
        None,
        pattern=r"^(\d{4}-\d\d-\d\d )?\d\d:\d\d$",
        description='When it will run: "HH:MM" or "YYYY-MM-DD HH:MM", in the machine\'s time zone.',
    )
    exists: bool = Field(True, description="false: the user has no such job.")
    count: int | None = Field(None, ge=0, description="How many such jobs there are.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """List at's queue, and read the script of each job."""
        result = context.host.run(QUEUE_SCRIPT)
        if not result.ok:
            yield no_answer(f"{self.at}: at", "atq", result)
            return
        jobs = [j for j in parse_queue(result.stdout) if j.user == self.at and self._fits(j.text)]
        timed = [j for j in jobs if self.time is None or j.time.endswith(self.time)]
        if not self.exists:
            yield from (expected(f"{self.at}: at", f"no waiting {self._job}", f"one at {j.time}") for j in timed)
        elif not jobs and self.count != 0:
            yield expected(f"{self.at}: at", f"a waiting {self._job}", "none")
        elif not timed and self.count != 0:
            yield expected(f"{self.at}: time", self.time, "; ".join(j.time for j in jobs))
        elif self.count is not None and len(timed) != self.count:
            yield expected(f"{self.at}: number of jobs", self.count, len(timed))

    def _fits(self, text: str) -> bool:
        return self.command is None or pattern_found(self.command, text)

    @property
    def _job(self) -> str:
        return "job" if self.command is None else f"job whose text matches `{self.command}`"

    def sentence(self) -> str:
        when = f" for {self.time}" if self.time else ""
        if not self.exists:
            return f"No {self._job} of {self.at} waits in at's queue{when}"
        return f"A {self._job} of {self.at} waits in at's queue{when}"

    def names(self) -> Iterable[str]:
        return [] if self.at == "root" else [self.at]
