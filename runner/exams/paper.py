"""The paper of one exam: its questions and their points, its seed, and the content that it was drawn from."""

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
    """One question of an exam: a whole lab, with values drawn from a seed of its own."""

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
    attempt: str = ""  # the id of its attempt
    share: str | None = None  # id of the shared cluster (`c1`); None: its own

    def load(self) -> Lab:
        """The lab with this question's values. Raises UsageError where it is gone or has changed, LabFileError."""
        if not (Path(self.path) / "lab.yaml").exists():
            raise UsageError(f"The lab of question {self.number} is no longer at {self.path}.", fix="Put it back.")
        lab = loader.load(Path(self.path), self.seed)
        if lab.digest != self.digest:
            raise UsageError(
                f"The lab of question {self.number} ({self.lab}) changed since the exam was drawn.",
                fix="Restore the version that the exam was drawn from.",
            )
        return lab


@dataclass(frozen=True)
class ExamPaper:
    """All questions of one exam, and the facts of its draw."""

    name: str
    title: str
    track: str
    minutes: int
    points: int
    pass_mark: int
    reboot: bool
    seed: int
    digest: str  # of the questions: labs, their files, seeds and points
    content: str  # digest of everything that they were drawn from
    questions: tuple[ExamQuestion, ...]
    domains: Mapping[str, str] = field(default_factory=dict)  # id -> name, in the track's order
    shortfalls: tuple[Shortfall, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    difficulty: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def question(self, number: int) -> ExamQuestion:
        """The question with this number. Raises UsageError where there is none."""
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
        """A paper from what `as_json` returned."""
        fields = dict(data)
        fields["questions"] = tuple(ExamQuestion(**question) for question in data["questions"])
        fields["shortfalls"] = tuple(Shortfall(**entry) for entry in data["shortfalls"])
        fields["left_out"] = {name: tuple(why) for name, why in data["left_out"].items()}
        fields["difficulty"] = {name: (pair[0], pair[1]) for name, pair in data["difficulty"].items()}
        return cls(**fields)


def with_attempts(paper: ExamPaper, new_id: Callable[[], str], shares: Mapping[int, str]) -> ExamPaper:
    """The paper with an attempt id for each question, and a cluster id for questions that share a cluster.

    shares: question number -> cluster id (`c1`), as `cluster_sharing.shares` returns it.
    """
    placed = (replace(q, attempt=new_id(), share=shares.get(q.number)) for q in paper.questions)
    return replace(paper, questions=tuple(placed))


def remarks(paper: ExamPaper) -> list[str]:
    """Where the draw differs from what the exam asks for, as sentences for candidates and authors."""
    sentences = [
        f"{paper.domains.get(short.domain, short.domain)}: {_asked(short.wanted)}, and the catalogue has {short.found} "
        "that fit; no other domain fills their place."
        for short in paper.shortfalls
    ]
    for level, (wanted, found) in paper.difficulty.items():
        sentences.append(f"{_asked(wanted, level)}, and {found} {'was' if found == 1 else 'were'} drawn.")
    sentences += [f"The lab {lab} was left out: it needs {'; '.join(why)}." for lab, why in paper.left_out.items()]
    return sentences


def _asked(number: int, level: str = "") -> str:
    what = f"{level} question" if level else "question"
    return f"{number} {what} was asked for" if number == 1 else f"{number} {what}s were asked for"
