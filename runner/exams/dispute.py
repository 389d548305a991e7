"""Writes the file about a disputed result, which holds all that a reader needs to judge it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from rung.checks.core.channel import DEFAULT_TIMEOUT, Channel, Result
from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts
from rung.runner.core.errors import LabFileError, RungError, UsageError
from rung.runner.core.text import did_you_mean
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.exams import resume
from rung.runner.exams.clock import utc
from rung.runner.exams.machines import WHOLE, ExamMachines, lab_of
from rung.runner.exams.paper import ExamQuestion
from rung.runner.exams.result import result
from rung.runner.exams.result_format import ExamReportJson, QuestionJson
from rung.runner.exams.session import ExamSession
from rung.runner.grading.grade import grade
from rung.runner.lab import folder, yaml_tree

_LONGEST = 4000  # characters of one command's output that the file holds
_MOST = 200  # commands that the file holds


def target(session: ExamSession, number: int, check: str | None) -> tuple[int, list[str]]:
    """The question and its disputed checks (`task.check`); with `check` None all that did not pass.

    Raises UsageError for a question or a check that does not exist, and before there is a result.
    """
    report = result(session)
    question = report["questions"][session.paper.question(number).number - 1]
    known = {f"{task['id']}.{c['id']}": c["outcome"] for task in question["tasks"] for c in task["checks"]}
    if check is None:
        return number, [name for name, outcome in known.items() if outcome != "passed"] or list(known)
    if check not in known:
        meant = did_you_mean(check, known) or "."
        raise UsageError(f"Question {number} has no check `{check}`{meant}", fix=f"Its checks: {', '.join(known)}.")
    return number, [check]


def dispute(
    session: ExamSession, number: int, checks: Sequence[str], why: str, attempts: Callable[[], Attempts]
) -> str:
    """The file in Markdown: the task, the source of the checks, what was found, versions.

    If the question's machines still exist, the tasks are graded again, without a restart.
    """
    report = result(session)
    question = report["questions"][number - 1]
    named = {name.partition(".")[0] for name in checks}
    tasks = [task for task in question["tasks"] if task["id"] in named]
    parts = [f"# Disputed: question {number} of {report['name']} ({question['lab']})", _facts(report, question)]
    parts += ["## What the candidate says", why or "Nothing beyond the checks that are named."]
    parts += [f"Checks: {', '.join(f'`{name}`' for name in checks)}."]
    for task in tasks:
        parts += [f"## Task `{task['id']}`", task["text"].strip()]
        parts += [
            f"Its result: {task['score']} of {task['points']} points of the lab.",
            _fenced(_json(task["checks"]), "json"),
        ]
    parts += ["## The checks as they are written", *_sources(session.paper.question(number), checks)]
    parts += ["## Graded again", *_graded_again(session, number, sorted(named), attempts)]
    if question["note"]:
        parts += ["## The candidate's note", question["note"]]
    return "\n\n".join(parts) + "\n"


def _facts(report: ExamReportJson, question: QuestionJson) -> str:
    rows: dict[str, Any] = {
        "exam": f"{report['exam']}, seed {report['seed']}, {report['mode']}",
        "questions": report["digest"],
        "content": report["content"],
        "lab": f"{question['lab']}, seed {question['seed']}",
        "lab's files": question["digest"],
        "values": json.dumps(question["values"], ensure_ascii=False),
        "Rung": f"{report['versions']['rung']}, Python {report['versions']['python']}",
        "images": ", ".join(report["versions"]["images"].values()),
        "submitted": report["submitted"],
        "late": f"{report['late_minutes']} minutes",
    }
    return "| what | |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows.items())


# -- source of the checks


def _sources(question: ExamQuestion, checks: Sequence[str]) -> Iterator[str]:
    place = Path(question.path)
    if (place / "lab.yaml").exists() and _digest(place) != question.digest:
        yield "The lab's files have changed since the exam was drawn: what follows is not what graded it."
    for name in checks:
        found = _source(place, *name.split(".", 1))
        yield f"`{name}`:"
        yield found or "It is a function of the lab's checks.py, or the lab is not there any more."


def _digest(place: Path) -> str:
    try:
        return folder.digest(place)
    except folder.FolderMistakes:
        return ""


def _source(lab: Path, task: str, check: str) -> str | None:
    """The lines of an expectation in lab.yaml, or of a function in checks.py."""
    document = yaml_tree.read(lab / "lab.yaml")
    tasks = document.data.get("tasks", []) if isinstance(document.data, dict) else []
    for at, data in enumerate(tasks):
        if not isinstance(data, dict) or data.get("id") != task:
            continue
        for place, entry in enumerate(data.get("expect") or []):
            # The default id is the kind, which is one of the keys.
            if isinstance(entry, dict) and (entry.get("id") == check or ("id" not in entry and check in entry)):
                line, column = document.place(("tasks", at, "expect", place))
                return _fenced(_block((lab / "lab.yaml").read_text("utf-8").splitlines(), line, column), "yaml")
    python = lab / "checks.py"
    if python.is_file():
        return _fenced(python.read_text("utf-8"), "python")
    return None


def _block(lines: Sequence[str], line: int, column: int) -> str:
    """The list entry that begins at a line (from 1): that line, and those after it at its column or deeper."""
    block = [lines[line - 1]]
    for text in lines[line:]:
        if text.strip() and len(text) - len(text.lstrip()) < column - 1:
            break
        block.append(text)
    return "\n".join(block).rstrip()


# -- grading again


def _graded_again(
    session: ExamSession, number: int, tasks: Sequence[str], attempts: Callable[[], Attempts]
) -> Iterator[str]:
    """The result of grading the tasks again, and the commands that this ran, as paragraphs."""
    question = session.paper.question(number)
    commands: list[dict[str, Any]] = []
    try:
        all_attempts = attempts()
        attempt = ExamMachines(session.id, all_attempts).found().get(number)
        if attempt is None or attempt.state not in WHOLE:
            yield "Its machines are not there any more."
            return
        lab = lab_of(session, question)
        if attempt.state != "ready":
            attempt.resume()
            resume.wait_for_nodes(attempt, lab)
        recorded = Attempt(cast(Drivers, _RecordingDriver(attempt.driver, commands)), attempt.found, "ready")
        report = grade(lab, recorded, tasks=tasks, live_only=True, patient=False)
    except (LabFileError, RungError) as error:
        yield f"Grading again failed: {error}"
        return
    except Exception as error:  # the file still holds everything else
        yield f"Grading again failed: {type(error).__name__}: {error}"
        return
    yield f"On {utc(time.time())}, on the machines as they are now, without a restart:"
    yield _fenced(_json(report.as_json()["tasks"]), "json")
    yield (
        f"The first {_MOST} commands that were run for it, with their answers:"
        if commands
        else "No command was run for it."
    )
    for entry in commands[:_MOST]:
        yield _fenced(f"{entry['machine']}# {entry['command']}\n{entry['answer']}", "text")


class _RecordingDriver:
    """A driver whose channels record the commands that run through them."""

    def __init__(self, driver: Drivers, commands: list[dict[str, Any]]) -> None:
        self._driver, self._commands = driver, commands

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def channel(self, attempt: str, machine: str) -> Channel:
        return _RecordingChannel(self._driver.channel(attempt, machine), machine, self._commands)


class _RecordingChannel:
    """A channel that records each command and its output."""

    def __init__(self, channel: Channel, machine: str, commands: list[dict[str, Any]]) -> None:
        self._channel, self._machine, self._commands = channel, machine, commands

    def run(self, command: str, *, timeout: float = DEFAULT_TIMEOUT, stdin: bytes = b"", again: bool = True) -> Result:
        found = self._channel.run(command, timeout=timeout, stdin=stdin, again=again)
        answer = f"{found.stdout}{found.stderr}".rstrip()
        clipped = answer if len(answer) <= _LONGEST else f"{answer[:_LONGEST]}\n[{len(answer)} characters in all]"
        self._commands.append(
            {"machine": self._machine, "command": command, "answer": f"{clipped}\nexit status {found.rc}"}
        )
        return found

    def close(self) -> None:
        self._channel.close()

    def interrupt(self, thread: int) -> None:
        self._channel.interrupt(thread)


def _json(data: Sequence[Mapping[str, Any]] | Sequence[Any]) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False)


def _fenced(text: str, language: str) -> str:
    """A block of code, with a fence longer than any in the text."""
    longest = max((len(found) for found in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
