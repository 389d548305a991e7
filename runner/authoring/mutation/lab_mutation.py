"""The result of trying a lab's mutants, as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rung.runner.authoring.mutation.declared import DeclaredMutant
from rung.runner.authoring.mutation.trial import Fate, Tried


@dataclass(frozen=True)
class Counts:
    """How many mutants were tried, and what became of them. `late` and `broken` are among the killed."""

    tried: int = 0
    killed: int = 0
    late: int = 0
    broken: int = 0
    declared: int = 0
    left_out: int = 0  # not tried: the lab has more mutants than its limit

    def as_json(self) -> dict[str, int]:
        """One whole number for each count."""
        return dict(vars(self))


@dataclass(frozen=True)
class LabMutation:
    """A lab's mutants after their trial. It is `ok` when every survivor is declared."""

    lab: str
    folder: Path
    tried: list[Tried] = field(default_factory=list)
    declared: Mapping[str, DeclaredMutant] = field(default_factory=dict)
    left_out: int = 0
    why: tuple[str, ...] = ()  # why the mutants were not tried: a sentence for each mistake of the lab
    skipped: str | None = None  # why the lab cannot run on this computer
    seconds: float = 0.0  # of work, in all threads together

    @property
    def ok(self) -> bool:
        return not self.why and self.skipped is None and not self.holes

    @property
    def holes(self) -> list[Tried]:
        """The survivors that the lab does not declare."""
        return [each for each in self.tried if each.survived and each.mutant.id not in self.declared]

    @property
    def right_too(self) -> list[Tried]:
        """The survivors that the lab declares."""
        return [each for each in self.tried if each.survived and each.mutant.id in self.declared]

    @property
    def killed_all_the_same(self) -> list[Tried]:
        """The mutants that the lab declares as right, and the grader does not accept."""
        return [each for each in self.tried if not each.survived and each.mutant.id in self.declared]

    @property
    def counts(self) -> Counts:
        fates = Counter(each.fate for each in self.tried)
        return Counts(
            tried=len(self.tried),
            killed=len(self.tried) - fates[Fate.SURVIVED],
            late=fates[Fate.LATE],
            broken=fates[Fate.BROKEN],
            declared=len(self.right_too),
            left_out=self.left_out,
        )

    def as_json(self) -> dict[str, Any]:
        """`{"lab", "folder", "ok", "skipped", "why", "seconds", "counts": {...}, "mutants": [{"id", ...}]}`."""
        return {
            "lab": self.lab,
            "folder": str(self.folder),
            "ok": self.ok,
            "skipped": self.skipped,
            "why": list(self.why),
            "seconds": round(self.seconds, 2),
            "counts": self.counts.as_json(),
            "mutants": [self._mutant(each) for each in self.tried],
        }

    def _mutant(self, tried: Tried) -> dict[str, Any]:
        mutant, entry = tried.mutant, self.declared.get(tried.mutant.id)
        return {
            "id": mutant.id,
            "operator": mutant.operator,
            "source": mutant.source,
            "line": mutant.line,
            "what": mutant.what,
            "fate": str(tried.fate),
            "why": list(tried.why),
            "declared": entry.why if entry is not None else None,
            "seconds": round(tried.seconds, 2),
            "kept": tried.kept,
            "script": mutant.text,
        }
