"""What a report must say at each step of a proof. Each function returns a sentence for each deviation; no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rung.checks.core.outcome import Outcome
from rung.runner.core.text import did_you_mean
from rung.runner.grading.report import CheckReport, Report
from rung.runner.lab.scripts import Failure, Header

_NOT_PASSED = (Outcome.FAILED, Outcome.BLOCKED)


def untouched(report: Report) -> list[str]:
    """On an untouched machine every guard passes, and no other check does."""
    found = _broken(report)
    for name, check in report.checks().items():
        if check.holds:
            found += _holding(name, check, "untouched")
        elif check.passed:
            found.append(f"{name} passes untouched: let it ask for a change, or declare a guard with `holds: true`")
    return found


def everything_passes(report: Report, script: str) -> list[str]:
    """After a right answer every check passes, before the restart and after it. `script`: the answer's file name."""
    found = _broken(report)
    for name, check in report.checks().items():
        found += _holding(name, check, f"after {script}")
    return found


def fails_exactly(report: Report, header: Header) -> list[str]:
    """A wrong answer fails the checks that its header names, and no others."""
    if not header.fails:
        return ["its head does not say what must fail: `# fails: task.check`"]
    checks = report.checks()
    found = [*_unknown(header.fails, checks), *_broken(report)]
    named = {f"{f.task}.{f.check}": f for f in header.fails}
    for name, check in checks.items():
        found += _judged(name, check, named.get(name))
    return found


def same(first: Report, second: Report) -> list[str]:
    """Two gradings of one machine agree about every check that is in both."""
    before, after = first.checks(), second.checks()
    return [
        f"{name}: two gradings of the same machine disagree: {before[name].outcome}, then {check.outcome}"
        for name, check in after.items()
        if name in before and before[name].outcome is not check.outcome
    ]


def unknown_checks(fails: Iterable[Failure], known: Iterable[str]) -> list[tuple[str, str]]:
    """(name, sentence) for each check in `fails` that is not in `known` (the lab's checks as `task.check`)."""
    known = list(known)
    names = [f"{failure.task}.{failure.check}" for failure in fails]
    return [(n, f"there is no check `{n}`{did_you_mean(n, known)}") for n in names if n not in known]


def _unknown(fails: Iterable[Failure], known: Iterable[str]) -> list[str]:
    return [sentence for _, sentence in unknown_checks(fails, known)]


def _broken(report: Report) -> list[str]:
    return [f"{n} could not be asked: {c.error}" for n, c in report.checks().items() if c.outcome is Outcome.BROKEN]


def _holding(name: str, check: CheckReport, when: str) -> Iterator[str]:
    """A sentence if the check fails now, or failed before the restart."""
    guard = " (a guard)" if check.holds else ""
    if check.outcome in _NOT_PASSED:
        restarted = " and a restart, not before it" if check.live is Outcome.PASSED else ""
        yield f"{name}{guard} fails {when}{restarted}: {_said(check.reasons)}"
    elif check.live in _NOT_PASSED:
        yield f"{name}{guard} fails {when}, until the restart: {_said(check.live_reasons)}"


def _judged(name: str, check: CheckReport, named: Failure | None) -> Iterator[str]:
    if check.outcome not in _NOT_PASSED:
        if named is not None and check.outcome is Outcome.PASSED:
            yield f"{name} was to fail and passes"
        return
    only_after = check.live is Outcome.PASSED
    if named is None:
        when = " after the restart" if only_after else ""
        yield f"{name} fails{when}, and the script's head does not name it: {_said(check.reasons)}"
    elif named.after_reboot and check.live in _NOT_PASSED:
        yield f"{name} was to fail after the restart only, and fails before it: {_said(check.live_reasons)}"
    elif only_after and not named.after_reboot:
        yield f"{name} fails after the restart only: say `{name} after reboot` in the script's head"


def _said(reasons: list[str]) -> str:
    return "; ".join(reasons) or "it gave no reason"
