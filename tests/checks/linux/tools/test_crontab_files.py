"""Files that cron reads, and those that it ignores, told by what cron's own source does with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.linux.tools.crontab_files import CrontabFile, crontab_table

USERS = {"root": 0, "ravi": 1000}
SYSTEM = "/etc/cron.d/report"
SPOOL = "/var/spool/cron/crontabs/ravi"


def test_a_system_crontab_names_the_user_of_each_job() -> None:
    text = "# comment\n\nPATH=/bin\nMAILTO = root\n15 9 * * 1-5\travi\t/bin/report now\n@daily root\tclean\n"
    read = crontab_table(CrontabFile(SYSTEM, text), "ravi", USERS)
    assert read.fault is None
    assert [(j.line, j.time, j.user, j.command) for j in read.jobs] == [
        (5, "15 9 * * 1-5", "ravi", "/bin/report now"),
        (6, "@daily", "root", "clean"),
    ]
    assert str(read.jobs[0]) == "`15 9 * * 1-5 /bin/report now` in /etc/cron.d/report"


def test_a_user_s_crontab_has_no_user_field_and_percent_signs_end_the_command() -> None:
    text = "0 1 * * * date +\\%F > /tmp/x\n0 2 * * * mail%Hello%\n"
    read = crontab_table(CrontabFile(SPOOL, text, uid=1000, mode=0o600), "ravi", USERS)
    assert [j.command for j in read.jobs] == ["date +%F > /tmp/x", "mail"]


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (
            CrontabFile("/etc/cron.d/a.sh", ""),
            "/etc/cron.d/a.sh: name: expected only letters, digits, _ and - (else cron ignores it), found a.sh",
        ),
        (CrontabFile(SYSTEM, "", uid=1000), f"{SYSTEM}: owner: expected root (else cron ignores it), found uid 1000"),
        (CrontabFile(SYSTEM, "", own_uid=5), f"{SYSTEM}: owner: expected root (else cron ignores it), found uid 5"),
        (
            CrontabFile(SYSTEM, "", mode=0o664),
            f"{SYSTEM}: mode: expected not writable by group and others (else cron ignores it), found 0664",
        ),
        (
            CrontabFile(SYSTEM, "* * * * * root x"),
            f"{SYSTEM}: last line: expected a newline at its end, found none, so cron ignores the file",
        ),
        (
            CrontabFile(SYSTEM, "* * * * * root x\n0 25 * * * root y\n"),
            f"{SYSTEM}, line 2: hour: expected one that cron reads, found `0 25 * * *`",
        ),
        (
            CrontabFile(SYSTEM, "15 9 * * 1-5 /bin/report\n"),
            f"{SYSTEM}, line 1: user: expected an account's name before the command, found /bin/report",
        ),
        (
            CrontabFile(SYSTEM, "@daily\n"),
            f"{SYSTEM}, line 1: user: expected an account's name before the command, found none",
        ),
        (CrontabFile(SPOOL, "", mode=0o644), f"{SPOOL}: owner: expected uid 1000 (else cron ignores it), found uid 5"),
        (
            CrontabFile(SPOOL, "", uid=1000, mode=0o644),
            f"{SPOOL}: mode: expected 0600 (else cron ignores it), found 0644",
        ),
        (
            CrontabFile(SPOOL, "", uid=1000, mode=0o600, links=2),
            f"{SPOOL}: type: expected a file with one name (else cron ignores it), found a link",
        ),
        (
            CrontabFile(SPOOL, "15 9 * * 1-5 ravi /bin/report\n", uid=1000, mode=0o600),
            f"{SPOOL}, line 1: command: expected a program (this crontab has no user field), found ravi",
        ),
    ],
)
def test_what_cron_ignores_is_told_and_has_no_jobs(file: CrontabFile, fault: str) -> None:
    if fault.endswith("uid 5") and file.path == SPOOL:
        file = CrontabFile(SPOOL, "", uid=5, mode=0o600)
    read = crontab_table(file, "ravi", USERS)
    assert (read.fault, read.jobs) == (fault, [])


def test_a_crontab_of_nobody_is_told() -> None:
    read = crontab_table(CrontabFile("/var/spool/cron/crontabs/gone", "", mode=0o600), "gone", USERS)
    assert read.fault == "/var/spool/cron/crontabs/gone: owner: expected an account of that name, found none"


@given(st.text())
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    for file in (CrontabFile(SYSTEM, text), CrontabFile(SPOOL, text, uid=1000, mode=0o600)):
        read = crontab_table(file, "ravi", USERS)
        assert not (read.fault and read.jobs)
