"""The paper of one exam: its questions with their points, the seed they came from, and what it was made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rung.runner.core.errors import UsageError
from rung.runner.exams.draw import Shortfall
from rung.runner.lab import loader
from rung.runner.lab.model import Lab


@dataclass(frozen=True)
class ExamQuestion:
    """One question of an exam: a lab, all of it, with the values of a seed of its own."""

    number: int  # from 1
    lab: str
    path: str
    digest: str  # of the lab's files
    seed: int
    title: str
    domain: str
    difficulty: str
    minutes: int  # the lab's own
    machines: int  # Linux machines, or a cluster's nodes
    points: int
    where: str  # "linux" or "kubernetes"
    attempt: str = ""  # the id of the attempt on it
    share: str | None = None  # questions of one word use one cluster

    def load(self) -> Lab:
        """The lab as this question has it. Raises UsageError where it is gone or is another now, LabFileError."""
        if not (Path(self.path) / "lab.yaml").exists():
            raise UsageError(f"The lab of question {self.number} is no longer at {self.path}.", fix="Put it back.")
        lab = loader.load(Path(self.path), self.seed)
        if lab.digest != self.digest:
            raise UsageError(
                f"The lab of question {self.number} ({self.lab}) changed since the exam was drawn.",
                fix="Bring it back as it was; the exam was made of that.",
            )
        return lab


@dataclass(frozen=True)
class ExamPaper:
    """All questions of one exam, and what they were drawn from."""

    name: str
    title: str
    track: str
    minutes: int
    points: int
    pass_mark: int
    reboot: bool
    seed: int
    digest: str  # of the questions: labs, their files, seeds and points
    content: str  # of all that they were drawn from
    questions: tuple[ExamQuestion, ...]
    domains: Mapping[str, str] = field(default_factory=dict)  # id -> name, in the track's order
    shortfalls: tuple[Shortfall, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    difficulty: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def question(self, number: int) -> ExamQuestion:
        """The question of that number. Raises UsageError where there is none."""
        if not 1 <= number <= len(self.questions):
            raise UsageError(
                f"There is no question {number}.", fix=f"This exam has questions 1 to {len(self.questions)}."
            )
        return self.questions[number - 1]

    def as_json(self) -> dict[str, Any]:
        """The paper as its exam's journal keeps it."""
        return asdict(self)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> ExamPaper:
        """What `as_json` made."""
        fields = dict(data)
        fields["questions"] = tuple(ExamQuestion(**question) for question in data["questions"])
        fields["shortfalls"] = tuple(Shortfall(**entry) for entry in data["shortfalls"])
        fields["left_out"] = {name: tuple(why) for name, why in data["left_out"].items()}
        fields["difficulty"] = {name: (pair[0], pair[1]) for name, pair in data["difficulty"].items()}
        return cls(**fields)


def with_places(paper: ExamPaper, new_id: Callable[[], str], shares: Mapping[int, str]) -> ExamPaper:
    """The paper, each of its questions with the id of the attempt that will be made on it, and with the word that
    it shares with those who use its cluster, too."""
    placed = (replace(q, attempt=new_id(), share=shares.get(q.number)) for q in paper.questions)
    return replace(paper, questions=tuple(placed))


def remarks(paper: ExamPaper) -> list[str]:
    """What a candidate and an author should know of a draw that could not be as it was asked for, as sentences."""
    said = [
        f"{paper.domains.get(short.domain, short.domain)}: {_asked(short.wanted)}, and the catalogue has {short.found} "
        "that fit; no other domain fills their place."
        for short in paper.shortfalls
    ]
    for level, (wanted, found) in paper.difficulty.items():
        said.append(f"{_asked(wanted, level)}, and {found} {'was' if found == 1 else 'were'} drawn.")
    said += [f"The lab {lab} was left out: it needs {'; '.join(why)}." for lab, why in paper.left_out.items()]
    return said


def _asked(number: int, level: str = "") -> str:
    what = f"{level} question" if level else "question"
    return f"{number} {what} was asked for" if number == 1 else f"{number} {what}s were asked for"
