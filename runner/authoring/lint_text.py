"""Lint of the text: what a check demands stands in it, what stands in it is graded, and it gives nothing away."""

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

ADVICE = ("Advice:", "Tip:", "Note:")  # a paragraph that begins so need not be graded
_QUOTED = re.compile(r"`([^`\n]+)`")
_OPEN = re.compile(r"\b[A-Z]+\b|^[0-9]+$")  # placeholders, and numbers that may be written in many ways
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(?P<end>\w+)\1")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<plain>\w+))")
_SHORTEST = 12  # characters of a command line that would give something away


def findings(lab: Lab) -> Iterator[LintFinding]:
    """What is wrong with the text of a lab, as its seed drew it."""
    document = yaml_tree.read(lab.folder / loader.FILE)
    python = declared(lab.folder)
    given = _given(lab)
    for number, task in enumerate(lab.tasks):
        at: yaml_tree.Where = ("tasks", number)
        yield from _unsaid(lab, document, at, task, given)
        yield from _ungraded(lab, document, at, task, python, given)
    yield from _giveaways(lab, document)


# -- names that a check demands and the text does not say


def _unsaid(
    lab: Lab, document: yaml_tree.Document, at: yaml_tree.Where, task: Task, given: str
) -> Iterator[LintFinding]:
    # The tasks are read in order: what an earlier one names is known.
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
    """Whether a name stands in a text as a word of its own; a unit also without its suffix."""
    forms = {name, name.rstrip("/") or name, re.sub(r"\.(service|timer|socket|target)$", "", name)}
    return any(re.search(rf"(?<![\w]){re.escape(form)}(?![\w])", text) for form in forms if form)


def _within(name: str, told: str, known: str) -> bool:
    """Whether a path is something known inside a directory that the text tells."""
    path = PurePosixPath(name)
    inner = ((parent, path.relative_to(parent)) for parent in path.parents if len(parent.parts) > 1)
    return any(said(str(parent), told) and said(str(rest), known) for parent, rest in inner)


def _given(lab: Lab) -> str:
    """What the learner finds on the machines: names of setup.sh and files/, of machines, of the login."""
    names = lab.hosts + [machine.login for machine in lab.machines]
    texts = [filled(lab, (lab.folder / "setup.sh").read_text("utf-8", "replace"))] if _has_setup(lab) else []
    for path in sorted((lab.folder / "files").rglob("*")):
        if path.is_file() and path.stat().st_size < yaml_tree.LIMIT:
            texts += [path.name, path.read_text("utf-8", "replace")]
    return "\n".join([*names, *texts])


def _has_setup(lab: Lab) -> bool:
    return (lab.folder / "setup.sh").is_file()


def filled(lab: Lab, script: str) -> str:
    """A script with the lab's values in place of their variables."""
    values = loader.environment(lab)
    return _VARIABLE.sub(lambda m: values.get(m["braced"] or m["plain"], m[0]), script)


# -- text that nothing grades


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
        # A path may be put together in checks.py, and `NAME` in `greet NAME` stands for anything.
        last = PurePosixPath(name).stem or name
        if not any(word in text for word in (name, last) for text in (mentioned, given)) and not _OPEN.search(name):
            sentence = f"no check mentions `{name}`: grade it, or begin the paragraph with `{ADVICE[0]}`"
            yield LintFinding(document.path, line, column, sentence, advice=True)


def _graded_part(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(p for p in paragraphs if not p.lstrip().startswith(ADVICE))


def _mentioned(lab: Lab, python: Declared) -> str:
    """All words of all checks; a pattern's backslashes left out, so that it reads like what it matches."""
    words = [word for task in lab.tasks for entry in task.expect for word in _words(entry.model_dump(by_alias=True))]
    words += [entry.kind for task in lab.tasks for entry in task.expect]
    return "\n".join([*words, *(word.replace("\\", "") for word in words), filled_python(lab, python.source)])


def filled_python(lab: Lab, source: str) -> str:
    """The source of checks.py with the drawn values at its end, for it may ask for any of them."""
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


# -- the solution, given away


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
    """The command lines of a script that are long enough to give something away, without here-documents."""
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
