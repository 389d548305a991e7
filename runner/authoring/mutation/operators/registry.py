"""All operators: Rung's own, and those of a pack.

A pack's operators are the subclasses of `Operator` in the file `operators.py` beside its `mutants.json`. It runs on
the user's own computer, so it needs trust, as a lab's checks.py does.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from rung.runner.authoring.mutation.operators import (
    duration,
    line_ends,
    manifests,
    neighbours,
    omission,
    options,
    undo,
    users,
)
from rung.runner.authoring.mutation.operators.base import Operator
from rung.runner.core.errors import LabFileError, Mistake
from rung.runner.lab.python_checks import import_file

FILE = "operators.py"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*$")

BUILT_IN: tuple[Operator, ...] = (
    omission.OmitCommand(),
    omission.OmitStage(),
    omission.OmitLine(),
    omission.OmitElement(),
    options.OmitOption(),
    undo.Undo(),
    duration.OnlyNow(),
    duration.OnlyNextBoot(),
    users.OtherUser(),
    neighbours.NeighbourNumber(),
    neighbours.NeighbourTime(),
    neighbours.NeighbourName(),
    neighbours.NeighbourPath(),
    neighbours.NeighbourMode(),
    neighbours.OtherValue(),
    line_ends.LineEnds(),
    manifests.DropField(),
    manifests.DropEntry(),
    manifests.WidenSelector(),
    manifests.OrForAnd(),
    manifests.AllVerbs(),
    manifests.OtherNamespace(),
    manifests.RequestsForLimits(),
)


def of_pack(path: Path) -> tuple[Operator, ...]:
    """The operators in a pack's file, in the order of their names.

    The file is run: the caller ensures that it is trusted. Raises LabFileError where it cannot be loaded, and for an
    operator without a name of lower-case words with dashes, or with one that is taken.
    """
    module = import_file(path, f"rung_operators_of_{path.parent.name}")
    kinds = [kind for kind in vars(module).values() if _is_own(kind, module.__name__)]
    mistakes = [Mistake(path, _line(path, kind.__name__), 1, why) for kind in kinds if (why := _misnamed(kind))]
    if mistakes:
        raise LabFileError(mistakes)
    return tuple(sorted((kind() for kind in kinds), key=lambda each: each.name))


def _is_own(kind: object, module: str) -> bool:
    return (
        inspect.isclass(kind)
        and issubclass(kind, Operator)
        and kind.__module__ == module
        and not inspect.isabstract(kind)
    )


def _line(path: Path, name: str) -> int:
    """The line on which a class of the file begins."""
    lines = enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
    return next((number for number, line in lines if re.match(rf"\s*class {name}\b", line)), 1)


def _misnamed(kind: type[Operator]) -> str:
    name = getattr(kind, "name", "")
    if not _NAME.match(name):
        return f"{kind.__name__}: `name` must be lower-case words with dashes, not `{name}`"
    if name in {each.name for each in BUILT_IN}:
        return f"{kind.__name__}: there is an operator `{name}` already"
    return ""
