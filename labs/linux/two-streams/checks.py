"""The output of a run of the survey follows from the values, except for the number of the run."""

import re

from rung.checks import Fail, Host, Values, check

HOME = "/srv/survey"
OLD = 5  # lines of the log before anything is done


def said(values: Values, run: str) -> list[tuple[str, str]]:
    """(stream, line) for all that run `run` writes, in its order."""
    site, findings, warnings = values["site"], values["findings"], values["warnings"]
    every = findings // warnings
    out: list[tuple[str, str]] = []
    for i in range(1, findings + 1):
        out.append(("out", f"run {run}: finding {i}: {site} plot {i * 7 % 50}"))
        if i % every == 0 and i // every <= warnings:
            out.append(("err", f"run {run}: warning {i // every}: {site} sensor {i * 3 % 20} answers late"))
    return out


def lines(host: Host, name: str) -> list[str]:
    """The lines of a file of ours; Fail where it is missing or empty."""
    file = host.file(f"{HOME}/{name}")
    if not file.is_file:
        raise Fail(f"{HOME}/{name}: expected a file, found none")
    text = file.content_string
    if not text:
        raise Fail(f"{HOME}/{name}: expected lines of a run, found an empty file")
    return text.removesuffix("\n").split("\n")


def run_of(line: str) -> str:
    match = re.match(r"run (\d+): ", line)
    return match[1] if match else "?"


def compare(name: str, found: list[str], wanted: list[str]) -> None:
    for number, (have, want) in enumerate(zip(found, wanted, strict=False), 1):
        if have != want:
            raise Fail(f"{HOME}/{name}: line {number}: expected {want!r}, found {have!r}")
    if len(found) != len(wanted):
        raise Fail(f"{HOME}/{name}: expected {len(wanted)} lines, found {len(found)}")


def one_stream(host: Host, values: Values, name: str, stream: str) -> None:
    found = lines(host, name)
    compare(name, found, [line for kind, line in said(values, run_of(found[0])) if kind == stream])


@check(task="capture", points=2)
def findings(host: Host, values: Values) -> None:
    """findings.txt holds the standard output of a run, all of it and nothing else"""
    one_stream(host, values, "findings.txt", "out")


@check(task="capture", points=2)
def warnings(host: Host, values: Values) -> None:
    """warnings.txt holds the standard error of a run, all of it and nothing else"""
    one_stream(host, values, "warnings.txt", "err")


@check(task="capture", points=2)
def one_run(host: Host) -> None:
    """Both files come from the same run"""
    first, second = (sorted({run_of(line) for line in lines(host, name)}) for name in ("findings.txt", "warnings.txt"))
    if len(first) != 1 or first != second:
        raise Fail(
            "run numbers: expected the same one in both files, "
            f"found {', '.join(first)} in findings.txt and {', '.join(second)} in warnings.txt"
        )


@check(task="audit", points=2)
def appended(host: Host) -> None:
    """audit.log has grown by the last line of findings.txt and nothing else"""
    wanted = lines(host, "findings.txt")[-1]
    log = lines(host, "audit.log")
    if log[-1] != wanted:
        raise Fail(f"{HOME}/audit.log: last line: expected {wanted!r}, found {log[-1]!r}")
    if len(log) != OLD + 1:
        raise Fail(f"{HOME}/audit.log: expected the {OLD} old lines and one more, found {len(log)} lines")


@check(task="audit", points=2, holds=True)
def kept(host: Host, values: Values) -> None:
    """The lines that audit.log had at the start are still there"""
    log = lines(host, "audit.log")
    first = run_of(log[0])
    runs = range(int(first), int(first) + OLD) if first.isdigit() else range(0)
    old = [
        f"run {run}: finding {values['findings'] + i % 2}: {values['site']} plot {i * 11 % 50}"
        for i, run in enumerate(runs, 1)
    ]
    if not old or log[:OLD] != old:
        raise Fail(f"{HOME}/audit.log: expected the {OLD} old lines at its beginning, found {log[0]!r} first")


@check(task="everything", points=3)
def in_order(host: Host, values: Values) -> None:
    """everything.txt holds both streams of one run in the order of writing"""
    found = lines(host, "everything.txt")
    compare("everything.txt", found, [line for _, line in said(values, run_of(found[0]))])


@check(task="count", points=2)
def number(host: Host, values: Values) -> None:
    """count.txt holds the number of findings"""
    found = " ".join(lines(host, "count.txt")).strip()
    if found != str(values["findings"]):
        raise Fail(f"{HOME}/count.txt: expected the number of lines on standard output, found {found!r}")
