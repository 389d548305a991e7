"""Generates docs/kinds.md, docs/lab-format.md and docs/exam-format.md from the kinds and the models of labs and exams.

python -m rung.runner.authoring.docs            writes them
python -m rung.runner.authoring.docs --check    prints which of them are stale
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
from rung.runner.core.generated_file import write_or_check
from rung.runner.exams.definition import LOADERS_OWN, Draw, Exam, ListedLab
from rung.runner.lab.model import CAPABILITIES, ClusterSpec, Environment, Lab, MachineSpec, Task

FOLDER = Path(__file__).parents[2] / "docs"
COMMAND = "python -m rung.runner.authoring.docs"
_LOADERS_OWN = {"name", "folder", "seed", "digest"}
_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "anything", dict: "mapping"}

_KINDS_HEAD = f"""\
# Kinds of checks

Generated from the code by `{COMMAND}`. An expectation in `lab.yaml` is a mapping with exactly one key that is a
kind; the value of that key says what is checked, the other keys say what must hold:

```yaml
expect:
  - user: alice
    uid: 2001
    groups: [sysadmin]
    points: 3
```

A list means *contains*: further entries are allowed. Properties that an expectation does not name are not checked.
"""

_FORMAT_HEAD = f"""\
# The format of a lab

Generated from the code by `{COMMAND}`. A lab is a folder:

| file | what it is |
|---|---|
| `lab.yaml` | what to do, and what must hold |
| `setup.yaml` | optional, on a cluster: manifests of the starting state, applied before `setup.sh` |
| `setup.sh` | optional: makes the starting state; while it runs, `$RUNG_FILES` holds a copy of the folder `files/` |
| `checks.py` | optional: checks that data cannot express |
| `solution.sh` | the reference solution, as a learner would type it |
| `also/*.sh` | other right answers |
| `wrong/*.sh` | plausible wrong answers; their head names the checks that must fail |
| `mutants.yaml` | optional: mutants that earn all points because they are right, too ([authors.md](authors.md)) |

Unknown keys are mistakes. `rung author lint` reports all of them at once, with line and column; `rung author schema`
prints a JSON Schema that editors use to check and complete the file as you type.
"""

_EXAM_HEAD = f"""\
# The format of an exam

Generated from the code by `{COMMAND}`. An exam is a file: `exams/NAME.yaml` of a pack, or any that you name.
Its labs are listed, or drawn; [exams.md](exams.md) explains how. Unknown keys are mistakes; `rung author lint FILE`
reports all of them at once, and `rung author schema --exam` prints a JSON Schema for editors.
"""

_VALUES = """\
## values

Drawn by the attempt's seed, in the order of the file; a value may use those above it. Use one in any scalar of the file
as `{{ person }}`, and in scripts as `$person`. A scalar that consists of one template keeps the value's type.

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
the seed. A line `#@ MACHINE` or `#@ MACHINE as USER` runs the lines below it on another machine, or as a user, in
their home and with their login environment.

The head of a script in `wrong/` names the checks that must fail; no others may fail:

```bash
# fails: account.user, site.answers after reboot
# after: solution
```

`after reboot` means: the check passes before the restart and fails after it. With `# after: solution` the script runs
after the solution; without it, on the untouched machine.
"""

_PYTHON = """\
## checks.py

For checks that no kind can express. The first line of the docstring is the sentence that the learner reads.

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
The function takes any of `host`, `hosts` (by name; of a cluster also its nodes), `values` and `cluster`. A cluster
has `get`, `list`, `wait`, `logs`, `exec`, `can_i`, `create`, `patch`, `delete`, `raw`, and as `client` the official
client. Raise `Fail` with what was expected and what was found, and advice in `hint=`; raise `Broken` only where the
check could not be evaluated.

`host` is a `Host` of [testinfra](https://testinfra.readthedocs.io/en/latest/modules.html), whose commands run over the
machine's channel:

```python
host.file("/srv/report").mode == 0o640      host.user("alice").shell == "/bin/bash"
host.service("ssh").is_running              host.mount_point("/srv").options
```

Rung adds:

- `run("stat -c %a %s", path, user="alice", timeout=20, stdin="yes", again=False)`: a result with `rc`, `ok`, `stdout`,
  `stderr` and, as bytes, `out` and `err`. Every `%s` is replaced by an argument, quoted; `%%` becomes `%`.
- `text(...)`: the output of a command, None if it failed; `name`; `booted_at`, when the machine was started.
- Nothing is remembered: each `host.file(...)` and each of its facts is asked anew. Only the object that
  `host.mount_point(...)` or `host.service(...)` returned keeps its mount or its `systemd_properties`.
- A machine that does not answer, and a command that takes too long, never read as "does not exist".
- Where testinfra raises an error because a fact cannot be told (the mode of a missing file), the check fails. Ask
  `exists` or `is_file` first and raise a `Fail` of your own.
- `host.package(...)` asks dpkg on Debian, RPM's packages too; use the kind `package` for these.
"""


def pages() -> dict[Path, str]:
    """The generated pages: path -> text."""
    exams = {FOLDER / "exam-format.md": exam_format_page()}
    return {FOLDER / "kinds.md": kinds_page(), FOLDER / "lab-format.md": format_page(), **exams}


def kinds_page() -> str:
    """docs/kinds.md: the common keys, then every kind, by name."""
    parts = [_KINDS_HEAD, "## Keys of every kind\n\n" + _table(Expectation.model_fields.items())]
    parts += [_kind(name, cls) for name, cls in sorted(load_kinds().items())]
    return "\n".join(parts)


def format_page() -> str:
    """docs/lab-format.md: every key of lab.yaml, then values, scripts and checks.py."""
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
    """docs/exam-format.md: every key of an exam's file."""
    own = [(name, field) for name, field in Exam.model_fields.items() if name not in LOADERS_OWN]
    return "\n".join(
        [
            _EXAM_HEAD,
            "## The exam\n\n" + _table(own),
            "## labs: the listed labs\n\n" + _table(ListedLab.model_fields.items()),
            "## draw: how the labs are drawn\n\n" + _table(Draw.model_fields.items()),
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
        f"| `{f.alias or name}` | {type_name(f.annotation)} | {_default(f)} | {_cell(f.description)} |\n"
        for name, f in fields
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


def type_name(annotation: Any) -> str:
    """A type in plain words: `whole number`, `list of text`, `tcp or udp`."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return type_name(inner[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_name(each) for each in inner if each is not type(None)))
    if origin is list:
        return f"list of {type_name(inner[0])}"
    if origin is dict:
        return "mapping"
    if inspect.isclass(annotation) and issubclass(annotation, Expectation):
        return "expectation"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return "mapping"
    return _TYPES.get(annotation, "text")


def _below(key: str, annotation: Any) -> Iterator[tuple[str, type[BaseModel]]]:
    """(heading of its table, model) of every model inside the type of a key, each model once."""
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
    """The models inside a type; each gets its own table."""
    for inner in get_args(annotation):
        yield from _models(inner)
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel) and not issubclass(annotation, Expectation):
        yield annotation


def stale() -> list[Path]:
    """The pages that differ from what the code generates."""
    return [path for path, text in pages().items() if not path.is_file() or path.read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them with `--check`. Returns the exit code."""
    return max([write_or_check(arguments, path, text, COMMAND) for path, text in pages().items()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
