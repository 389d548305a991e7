"""Loads a lab's checks.py under a private module name. It runs on the user's own computer, so it needs trust."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from rung.checks.core.python_checks import PythonCheck
from rung.checks.core.registry import CheckContext
from rung.runner.core.errors import LabFileError, Mistake
from rung.runner.lab.model import Lab

ARGUMENTS = ("host", "hosts", "values", "cluster")


def load(lab: Lab) -> list[PythonCheck]:
    """The checks of a lab's checks.py in the order they are written; [] without such a file.

    Raises LabFileError where it cannot be imported, names an unknown task or machine, or takes
    unknown arguments. The caller ensures that the lab is trusted.
    """
    path = lab.folder / "checks.py"
    if not path.exists():
        return []
    module = import_file(path, f"rung_lab_{lab.digest[:12]}_checks")
    found = [f.__rung_check__ for f in vars(module).values() if hasattr(f, "__rung_check__")]
    mistakes = [m for check in found for m in _mistakes(path, lab, check)]
    if mistakes:
        raise LabFileError(mistakes)
    return found


class _Source(SourceFileLoader):
    """Always compiles the source that the user trusted, and ignores a compiled file in the pack."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return self.source_to_code(self.get_data(self.path), self.path)


def import_file(path: Path, name: str) -> Any:
    """Run a Python file of a pack as a module of that name, which is not entered in sys.modules.

    The caller ensures that the file is trusted. Raises LabFileError where it cannot be imported.
    """
    spec = importlib.util.spec_from_file_location(name, path, loader=_Source(name, str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # write nothing into the pack's folder
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else 1
        sentence = f"{path.name} cannot be loaded: {type(error).__name__}: {error}"
        raise LabFileError([Mistake(path, line or 1, 1, sentence)]) from error
    finally:
        sys.dont_write_bytecode = before
    return module


def _mistakes(path: Path, lab: Lab, check: PythonCheck) -> list[Mistake]:
    line = check.function.__code__.co_firstlineno
    sentences = []
    if check.task not in [t.id for t in lab.tasks]:
        sentences.append(f"{check.id}: there is no task `{check.task}`")
    if check.on is not None and check.on not in lab.hosts:
        sentences.append(f"{check.id}: there is no machine `{check.on}`")
    sentences += [
        f"{check.id}: a check takes {', '.join(ARGUMENTS)}, not `{name}`"
        for name in inspect.signature(check.function).parameters
        if name not in ARGUMENTS
    ]
    taken = [e.id or e.kind for t in lab.tasks if t.id == check.task for e in t.expect]
    if check.id in taken:
        sentences.append(f"{check.id}: task `{check.task}` has a check of that name in lab.yaml")
    return [Mistake(path, line, 1, s) for s in sentences]


def call(check: PythonCheck, context: CheckContext) -> None:
    """Call a check's function with the arguments that it takes; it raises Fail or Broken."""
    arguments = {"host": context.host, "hosts": context.hosts, "values": context.values, "cluster": context.cluster}
    check.function(**{name: arguments[name] for name in inspect.signature(check.function).parameters})
