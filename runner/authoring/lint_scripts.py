"""Lint a lab's scripts: missing ones, heads, parts, syntax (`bash -n`) and shellcheck's warnings."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from rung.runner.authoring.finding import LintFinding
from rung.runner.authoring.python_ids import declared
from rung.runner.authoring.verdicts import unknown_checks
from rung.runner.lab import scripts
from rung.runner.lab.model import Lab

FEWEST_WRONG = 2
_BASH_SAYS = re.compile(r"^.*?: line (?P<line>\d+): (?P<what>.*)$")
SHELLCHECK_SECONDS = 30.0  # for one part of a script
# Left out (-e): variables set from outside, files sourced from the machine, `cd` without `||` (scripts use `set -e`).
_SHELLCHECK = ("shellcheck", "-s", "bash", "-S", "warning", "-e", "SC2154,SC1090,SC1091,SC2164", "-f", "json1", "-")


def findings(lab: Lab, *, advice: bool) -> Iterator[LintFinding]:
    """Mistakes in the scripts of a lab; with `advice` also shellcheck's warnings, if it is installed."""
    yield from _missing(lab.folder)
    for script in scripts.scripts_of(lab.folder):
        text = script.read_text("utf-8")  # the loader has read it and cut it into parts without a mistake
        yield from _parts(lab, script, text, advice)
        if script.parent.name == "wrong":
            yield from _head(lab, script, text)


def check_ids(lab: Lab) -> tuple[list[str], bool]:
    """`task.check` of every check of a lab, and whether these are all: checks.py may define some at run time."""
    ids = [f"{task.id}.{e.id or e.kind}" for task in lab.tasks for e in task.expect]
    python = declared(lab.folder)
    return ids + [f"{task}.{name}" for task, name in python.checks], python.certain


def _missing(folder: Path) -> Iterator[LintFinding]:
    at = folder / "lab.yaml"
    if not (folder / "solution.sh").is_file():
        yield LintFinding(at, 1, 1, "this lab has no solution.sh, so nobody knows that it can be done")
    wrong = len(list((folder / "wrong").glob("*.sh")))
    if wrong < FEWEST_WRONG:
        yield LintFinding(at, 1, 1, f"a lab needs at least {FEWEST_WRONG} scripts in wrong/, this one has {wrong}")
    for kind in ("also", "wrong"):
        for path in sorted((folder / kind).glob("*")):
            if path.suffix != ".sh":
                yield LintFinding(path, 1, 1, f"only scripts (*.sh) are read in {kind}/")


def _head(lab: Lab, script: Path, text: str) -> Iterator[LintFinding]:
    head = scripts.header(text)
    if not head.fails:
        yield LintFinding(script, 1, 1, "its head does not say what must fail: `# fails: task.check`")
    known, certain = check_ids(lab)
    for name, sentence in unknown_checks(head.fails, known) if certain else ():
        line, column = _place(text, name)
        yield LintFinding(script, line, column, sentence)
    for failure in head.fails:
        if failure.after_reboot and not lab.reboot:
            line, column = _place(text, f"{failure.task}.{failure.check}")
            yield LintFinding(script, line, column, "`after reboot` needs `reboot: true` in the lab")


def _place(text: str, word: str) -> tuple[int, int]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") and word in line:
            return number, line.index(word) + 1
    return 1, 1


def _parts(lab: Lab, script: Path, text: str, advice: bool) -> Iterator[LintFinding]:
    parts = scripts.parts(text, lab.first)
    if not parts:
        yield LintFinding(script, 1, 1, "this script does nothing")
    for part in parts:
        yield from _bash(script, part)
        yield from _shellcheck(script, part) if advice else ()


def _bash(script: Path, part: scripts.Part) -> Iterator[LintFinding]:
    """What `bash -n` says of a part, if bash is installed."""
    if (program := shutil.which("bash")) is None:
        return
    done = subprocess.run(
        [program, "--norc", "-n", "-s"], input=part.text.encode(), capture_output=True, timeout=10, check=False
    )
    if done.returncode == 0:
        return
    first = next(iter(done.stderr.decode("utf-8", "replace").splitlines()), "")
    said = _BASH_SAYS.match(first)
    line = int(said["line"]) if said else 1
    yield LintFinding(script, line + part.line - 1, 1, f"this is not bash: {said['what'] if said else first}")


def _shellcheck(script: Path, part: scripts.Part) -> Iterator[LintFinding]:
    """shellcheck's warnings about a part as advice, if it is installed."""
    if (program := shutil.which(_SHELLCHECK[0])) is None:
        return
    try:
        done = subprocess.run(
            [program, *_SHELLCHECK[1:]],
            input=part.text.encode(),
            capture_output=True,
            timeout=SHELLCHECK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        sentence = f"shellcheck did not end within {SHELLCHECK_SECONDS:g} s, and says nothing of this script"
        yield LintFinding(script, part.line, 1, sentence, advice=True)
        return
    try:
        comments = json.loads(done.stdout)["comments"]
    except (ValueError, KeyError):
        return
    for said in comments:
        sentence = f"shellcheck SC{said['code']}: {said['message']}"
        yield LintFinding(script, said["line"] + part.line - 1, said["column"], sentence, advice=True)
