"""docs/kinds.md, docs/lab-format.md and docs/exam-format.md, made from the table of kinds and from the models of labs
and exams.

python -m rung.runner.authoring.docs            writes them
python -m rung.runner.authoring.docs --check    says whether they are as the code is
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rung.checks.core.registry import COMMON, Expectation
from rung.checks.kinds import load_kinds
from rung.runner.exams.definition import LOADERS_OWN, Draw, Exam, ListedLab
from rung.runner.lab.model import CAPABILITIES, ClusterSpec, Environment, Lab, MachineSpec, Task

FOLDER = Path(__file__).parents[2] / "docs"
COMMAND = "python -m rung.runner.authoring.docs"
_LOADERS_OWN = {"name", "folder", "seed", "digest"}
_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "anything", dict: "mapping"}

_KINDS_HEAD = f"""\
# Kinds of checks

Made by `{COMMAND}` from the code. An expectation in `lab.yaml` is a mapping with exactly one key that is a
kind; that key's value says what is asked about, the other keys what must hold:

```yaml
expect:
  - user: alice
    uid: 2001
    groups: [sysadmin]
    points: 3
```

A list means *contains*: further entries are no mistake. What a kind does not mention it does not judge.
"""

_FORMAT_HEAD = f"""\
# The format of a lab

Made by `{COMMAND}` from the code. A lab is a folder:

| file | what it is |
|---|---|
| `lab.yaml` | what to do, and what must hold |
| `setup.sh` | optional: makes the starting state; the folder `files/` lies at `$RUNG_FILES` while it runs |
| `checks.py` | optional: checks that data cannot express |
| `solution.sh` | the reference solution, as a learner would type it |
| `also/*.sh` | other right answers |
| `wrong/*.sh` | plausible mistakes; their head says what must fail |

Unknown keys are mistakes. `rung author lint` reports all of them at once, with line and column; `rung author schema`
prints a JSON Schema by which editors check and complete while you type.
"""

_EXAM_HEAD = f"""\
# The format of an exam

Made by `{COMMAND}` from the code. An exam is a file: `exams/NAME.yaml` of a pack, or any that you name. Its labs are
listed, or drawn; [exams.md](exams.md) tells how. Unknown keys are mistakes; `rung author lint FILE` reports all of
them at once, and `rung author schema --exam` prints a JSON Schema for editors.
"""

_VALUES = """\
## values

Drawn by the attempt's seed, in the order written; a value may use those above it. Use one in any scalar of the file
as `{{ person }}`, and in scripts as `$person`. A scalar that is nothing but one template keeps the value's type.

| written | drawn |
|---|---|
| `person: [alice, bruno, chidi]` | one entry |
| `uid: {range: [2001, 2999]}` | a whole number, both ends included |
| `pair: {sample: 2, from: [red, green, blue]}` | a list of that many different entries |
| `home: "/srv/{{ person }}"` | this text, filled in |
"""

_SCRIPTS = """\
## Scripts

Each script is run by `bash -euo pipefail` with its input closed, as root on the first machine. Scripts are never
rendered: the values are environment variables, lists joined by spaces, booleans `true` and `false`; `$RUNG_SEED` is
the seed. A line `#@ MACHINE` or `#@ MACHINE as USER` sends what follows to another machine, or lets a user do it, in
their home and with their login environment.

The head of a script in `wrong/` names what it must fail, and nothing else may fail:

```bash
# fails: account.user, site.answers after reboot
# after: solution
```

`after reboot` means: it holds until the restart and not after it. With `# after: solution` the solution is run first
and the mistake on top of it; without it the script starts from the untouched machine.
"""

_PYTHON = """\
## checks.py

For what no kind can say. The first line of the docstring is the sentence that the learner reads.

```python
from rung.checks import Fail, Host, Values, check

@check(task="account", points=3)
def in_sysadmin(host: Host, values: Values) -> None:
    \"\"\"The account is a member of group sysadmin\"\"\"
    groups = host.user(values["person"]).groups
    if "sysadmin" not in groups:
        raise Fail(f"{values['person']}: expected to be in sysadmin, found {', '.join(groups)}")
```

`@check` takes `task`, and optionally `id`, `points`, `on`, `within`, `holds` and `when`, as an expectation does.
The function takes any of `host`, `hosts` (by name; of a cluster also its nodes), `values` and `cluster`. A host has
`run("command %s", argument, user=...)`, `text(...)`, `booted_at`, and everything that testinfra's host has; a cluster
has `get`, `list`, `wait`, `logs`, `exec`, `can_i`, `create`, `patch`, `delete`, `raw`, and as `client` the official
client. Raise `Fail` with what
was expected and what was found, and with `hint=` advice; raise `Broken` only where the question could not be asked.
"""


def pages() -> dict[Path, str]:
    """Each generated page and its text."""
    exams = {FOLDER / "exam-format.md": exam_format_page()}
    return {FOLDER / "kinds.md": kinds_page(), FOLDER / "lab-format.md": format_page(), **exams}


def kinds_page() -> str:
    """The common keys, then every kind by name."""
    parts = [_KINDS_HEAD, "## Keys of every kind\n\n" + _table(Expectation.model_fields.items())]
    parts += [_kind(name, cls) for name, cls in sorted(load_kinds().items())]
    return "\n".join(parts)


def format_page() -> str:
    """Every key of lab.yaml, then values, scripts and checks.py."""
    own = [(name, field) for name, field in Lab.model_fields.items() if name not in _LOADERS_OWN]
    rows = "".join(f"| `{name}` | {_cell(what)} |\n" for name, what in CAPABILITIES.items())
    return "\n".join(
        [
            _FORMAT_HEAD,
            "## lab.yaml\n\n" + _table(own),
            "## environment\n\n" + _table(Environment.model_fields.items()),
            "### A machine\n\n" + _table(MachineSpec.model_fields.items()),
            "### A cluster\n\n" + _table(ClusterSpec.model_fields.items()),
            "## A task\n\n" + _table(Task.model_fields.items()),
            "Expectations: see [kinds.md](kinds.md).\n",
            "## capabilities\n\n| name | what it asks for |\n|---|---|\n" + rows,
            _VALUES,
            _SCRIPTS,
            _PYTHON,
        ]
    )


def exam_format_page() -> str:
    """Every key of an exam's file."""
    own = [(name, field) for name, field in Exam.model_fields.items() if name not in LOADERS_OWN]
    return "\n".join(
        [
            _EXAM_HEAD,
            "## The exam\n\n" + _table(own),
            "## labs: those that are listed\n\n" + _table(ListedLab.model_fields.items()),
            "## draw: how they are drawn\n\n" + _table(Draw.model_fields.items()),
        ]
    )


def _kind(name: str, cls: type[Expectation]) -> str:
    own = [(key, field) for key, field in cls.model_fields.items() if key not in COMMON]
    text = f"## {name}\n\n{inspect.cleandoc(cls.__doc__ or '')}\n\n{_table(own)}"
    for key, field in own:
        for way, model in _below(field.alias or key, field.annotation):
            text += f"\n{way}:\n\n{_table(model.model_fields.items())}"
    if cls.identity:
        text += f"\nFacts for `same`: {', '.join(f'`{fact}`' for fact in cls.identity)}.\n"
    return text


def _table(fields: Iterable[tuple[str, FieldInfo]]) -> str:
    rows = [
        f"| `{field.alias or name}` | {kind_of(field.annotation)} | {_default(field)} | {_cell(field.description)} |\n"
        for name, field in fields
    ]
    return "| key | value | default | meaning |\n|---|---|---|---|\n" + "".join(rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value == [] or value == {} or value == "":
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def kind_of(annotation: Any) -> str:
    """A type in an author's words: `whole number`, `list of text`, `tcp or udp`."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return kind_of(inner[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(kind_of(each) for each in inner if each is not type(None)))
    if origin is list:
        return f"list of {kind_of(inner[0])}"
    if origin is dict:
        return "mapping"
    if inspect.isclass(annotation) and issubclass(annotation, Expectation):
        return "expectation"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return "mapping"
    return _TYPES.get(annotation, "text")


def _below(key: str, annotation: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """The models inside the type of a key, each once, and what its table says of it."""
    keys: dict[type[BaseModel], list[str]] = {}
    todo = [(key, model) for model in _models(annotation)]
    for name, model in todo:
        if model not in keys:
            todo += [(f.alias or n, inner) for n, f in model.model_fields.items() for inner in _models(f.annotation)]
        keys.setdefault(model, []).append(f"`{name}`")
    listed = get_origin(annotation) is list
    for model, names in keys.items():
        yield f"{'Each entry' if listed and names == [f'`{key}`'] else 'The keys'} of {' and '.join(names)}", model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside a type, which get a table of their own."""
    for inner in get_args(annotation):
        yield from _models(inner)
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel) and not issubclass(annotation, Expectation):
        yield annotation


def stale() -> list[Path]:
    """The pages that are not as the code is."""
    return [path for path, text in pages().items() if not path.is_file() or path.read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them; the exit code."""
    if arguments == ["--check"]:
        for path in stale():
            print(f"{path} is not as the code is. Run `{COMMAND}`.", file=sys.stderr)
        return 1 if stale() else 0
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
