"""Lint a lab's text: it says what checks demand, checks grade what it says, and it does not reveal the solution."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from rung.checks.core.registry import Expectation
from rung.runner.authoring.finding import LintFinding
from rung.runner.authoring.python_ids import Declared, declared
from rung.runner.lab import loader, yaml_tree
from rung.runner.lab.model import Lab, Task
from rung.runner.lab.seeded_values import as_variable

ADVICE = ("Advice:", "Tip:", "Note:")  # a paragraph that begins with one of these need not be graded
_QUOTED = re.compile(r"`([^`\n]+)`")
_OPEN = re.compile(r"\b[A-Z]+\b|^[0-9]+$")  # placeholders, and numbers, which checks may write in other ways
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(?P<end>\w+)\1")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))")
_SHORTEST = 12  # characters; shorter command lines reveal nothing


def findings(lab: Lab) -> Iterator[LintFinding]:
    """Mistakes in the text of a lab, with the values that its seed drew."""
    document = yaml_tree.read(lab.folder / loader.FILE)
    python = declared(lab.folder)
    given = _given(lab)
    for number, task in enumerate(lab.tasks):
        at: yaml_tree.Where = ("tasks", number)
        yield from _unsaid(lab, document, at, task, given)
        yield from _ungraded(lab, document, at, task, python, given)
    yield from _giveaways(lab, document)


# -- names that checks demand and the text does not say


def _unsaid(
    lab: Lab, document: yaml_tree.Document, at: yaml_tree.Where, task: Task, given: str
) -> Iterator[LintFinding]:
    # Learners read the tasks in order, so names of earlier tasks are known.
    told = "\n".join([lab.intro, *(other.text for other in lab.tasks[: lab.tasks.index(task) + 1])])
    for number, entry in enumerate(task.expect):
        if entry.holds:
            continue  # a guard demands nothing
        for name in dict.fromkeys(entry.names()):
            if not said(name, told) and not said(name, given) and not _within(name, told, f"{told}\n{given}"):
                line, column = document.place((*at, "expect", number, entry.kind))
                sentence = f"{task.id}.{entry.id or entry.kind} demands `{name}`, which the task's text does not say"
                yield LintFinding(document.path, line, column, sentence)


def said(name: str, text: str) -> bool:
    """Whether a text has a name as a whole word; a systemd unit also without its suffix."""
    forms = {name, name.rstrip("/") or name, re.sub(r"\.(service|timer|socket|target)$", "", name)}
    return any(re.search(rf"(?<![\w]){re.escape(form)}(?![\w])", text) for form in forms if form)


def _within(name: str, told: str, known: str) -> bool:
    """Whether a path is a known name inside a directory that the text names."""
    path = PurePosixPath(name)
    inner = ((parent, path.relative_to(parent)) for parent in path.parents if len(parent.parts) > 1)
    return any(said(str(parent), told) and said(str(rest), known) for parent, rest in inner)


def _given(lab: Lab) -> str:
    """Text with all names that the learner finds on the machines: setup.sh, files/, machines, logins."""
    names = lab.hosts + [machine.login for machine in lab.machines]
    texts = [filled(lab, (lab.folder / "setup.sh").read_text("utf-8", "replace"))] if _has_setup(lab) else []
    for path in sorted((lab.folder / "files").rglob("*")):
        if path.is_file() and path.stat().st_size < yaml_tree.LIMIT:
            texts += [path.name, path.read_text("utf-8", "replace")]
    return "\n".join([*names, *texts])


def _has_setup(lab: Lab) -> bool:
    return (lab.folder / "setup.sh").is_file()


def filled(lab: Lab, script: str) -> str:
    """A script with its variables replaced by the lab's values."""
    values = loader.environment(lab)
    return _VARIABLE.sub(lambda m: values.get(m["braced"] or m["plain"], m[0]), script)


# -- text that no check grades


def _ungraded(
    lab: Lab, document: yaml_tree.Document, at: yaml_tree.Where, task: Task, python: Declared, given: str
) -> Iterator[LintFinding]:
    line, column = document.place((*at, "text"))
    if not task.expect and task.id not in [name for name, _ in python.checks] and python.certain:
        yield LintFinding(document.path, line, column, f"nothing grades task `{task.id}`")
        return
    if task.id not in python.scored and python.certain and not any(e.points and not e.holds for e in task.expect):
        sentence = f"no check of task `{task.id}` gives points, so its guards (`holds: true`) have none to take"
        yield LintFinding(document.path, line, column, sentence)
    mentioned = _mentioned(lab, python)
    for name in dict.fromkeys(_QUOTED.findall(_graded_part(task.text))):
        # checks.py may build a path from parts, and a placeholder (`NAME` in `greet NAME`) stands for any text.
        last = PurePosixPath(name).stem or name
        if not any(word in text for word in (name, last) for text in (mentioned, given)) and not _OPEN.search(name):
            sentence = f"no check mentions `{name}`: grade it, or begin the paragraph with `{ADVICE[0]}`"
            yield LintFinding(document.path, line, column, sentence, advice=True)


def _graded_part(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(p for p in paragraphs if not p.lstrip().startswith(ADVICE))


def _mentioned(lab: Lab, python: Declared) -> str:
    """All words of all checks, those of patterns also without their backslashes."""
    words = [word for task in lab.tasks for entry in task.expect for word in _words(entry.model_dump(by_alias=True))]
    words += [entry.kind for task in lab.tasks for entry in task.expect]
    return "\n".join([*words, *(word.replace("\\", "") for word in words), filled_python(lab, python.source)])


def filled_python(lab: Lab, source: str) -> str:
    """The source of checks.py, followed by the drawn values whose names it has."""
    used = [as_variable(value) for name, value in lab.values.items() if name in source]
    return "\n".join([source, *used])


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Expectation):
        yield from _words(value.model_dump(by_alias=True))
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield str(key)
            yield from _words(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _words(entry)
    elif value is not None:
        yield str(value)


# -- commands of the solution in the text


def _giveaways(lab: Lab, document: yaml_tree.Document) -> Iterator[LintFinding]:
    script = lab.folder / "solution.sh"
    if not script.is_file():
        return
    commands = set(command_lines(filled(lab, script.read_text("utf-8", "replace"))))
    places: list[tuple[yaml_tree.Where, str]] = [(("intro",), lab.intro)]
    places += [(("tasks", number, "text"), task.text) for number, task in enumerate(lab.tasks)]
    for where, text in places:
        for command in sorted(commands & _runs(text, commands)):
            line, column = document.place(where)
            sentence = f"the text gives the solution away: `{command}` stands in both"
            yield LintFinding(document.path, line, column, sentence, advice=True)


def _runs(text: str, commands: Iterable[str]) -> set[str]:
    flat = _flat(text)
    return {command for command in commands if said(command, flat)}


@lru_cache(maxsize=64)
def command_lines(script: str) -> tuple[str, ...]:
    """The command lines of a script that are long enough to reveal something, without here-documents."""
    found, end = [], None
    for line in script.splitlines():
        if end is not None:
            end = None if line.strip() == end else end
            continue
        if heredoc := _HEREDOC.search(line):
            end = heredoc["end"]
        flat = _flat(line)
        if not flat.startswith("#") and " " in flat and len(flat) >= _SHORTEST:
            found.append(flat)
    return tuple(found)


def _flat(text: str) -> str:
    return " ".join(text.split())
