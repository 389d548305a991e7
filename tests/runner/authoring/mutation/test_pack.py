"""A pack's own operators: found beside mutants.json, run only where the pack is trusted with its changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutation_labs import ShellDriver, mutation_lab
from rung.runner.authoring.mutation.mutate_many import mutate_all
from rung.runner.authoring.mutation.operators.registry import BUILT_IN
from rung.runner.authoring.mutation.pack import operators_of
from rung.runner.catalog import trust
from rung.runner.core.errors import LabFileError, UsageError

OPERATORS = '''\
from rung.runner.authoring.mutation.operators.base import Operator
from rung.runner.authoring.mutation.syntax.edit import Edit, change


class SayTwice(Operator):
    """Runs a command twice."""

    name = "say-twice"

    def changes(self, answer):
        for command in answer.commands:
            yield change(f"runs `{command.text}` twice", Edit(command.end, command.end, f"\\n{command.text}"))
'''


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack of one lab, which its author trusts with all changes."""
    pack = tmp_path / "pack"
    mutation_lab(pack / "lab")
    (pack / "mutants.json").write_text("{}\n")
    (pack / "operators.py").write_text(OPERATORS)
    trust.trust(pack, edits=True)
    return pack


def test_the_mutants_of_a_packs_operator_are_tried_with_the_others(pack: Path) -> None:
    (found,) = mutate_all([pack / "lab"], ShellDriver())
    assert [str(each.mutant) for each in found.holes] == [
        "solution.sh:1 runs `touch a` twice",
        "solution.sh:2 runs `touch b` twice",
    ]
    assert [each.mutant.operator for each in found.tried] == ["omit-command", "omit-command", "say-twice", "say-twice"]


def test_a_pack_without_the_file_has_rungs_operators(pack: Path) -> None:
    (pack / "operators.py").unlink()
    assert operators_of(pack / "lab") == BUILT_IN


def test_the_file_is_not_run_where_only_the_labs_are_trusted(pack: Path) -> None:
    trust.forget(pack)
    trust.trust(pack)
    with pytest.raises(UsageError) as error:
        operators_of(pack / "lab")
    assert str(error.value) == (
        f"{pack}/operators.py runs on this computer, and its folder is not trusted with its changes."
    )
    assert error.value.fix == f"`rung trust {pack} --edits` trusts the pack that you write."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('"say-twice"', '"Say twice"'), "5:1: SayTwice: `name` must be lower-case words with dashes, not `Say twice`"),
        (('"say-twice"', '"undo"'), "5:1: SayTwice: there is an operator `undo` already"),
        (
            ("import Operator", "import Operators"),
            "1:1: operators.py cannot be loaded: ImportError: cannot import name",
        ),
    ],
)
def test_mistakes_in_the_file_are_told(pack: Path, change: tuple[str, str], why: str) -> None:
    (pack / "operators.py").write_text(OPERATORS.replace(*change))
    with pytest.raises(LabFileError) as error:
        operators_of(pack / "lab")
    assert str(error.value.mistakes[0]).startswith(f"{pack}/operators.py:{why}")


def test_nothing_is_written_into_the_pack(pack: Path) -> None:
    before = set(pack.rglob("*"))
    operators_of(pack / "lab")
    assert set(pack.rglob("*")) == before
