"""An exam as values: what its file says, and nothing that asks a machine."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from rung.runner.lab.difficulties import Difficulty
from rung.runner.lab.model import Model, Text

MOST_QUESTIONS = 40
LOADERS_OWN = ("name", "path")


class ListedLab(Model):
    """One lab that an exam names."""

    lab: Text = Field(description="Its name, or its path from the exam's file.")
    weight: int = Field(1, ge=1, le=1000, description="Its share of the exam's points, beside those of the others.")


class Draw(Model):
    """How an exam's labs are drawn from the catalogue."""

    questions: int = Field(ge=1, le=MOST_QUESTIONS, description="How many labs; each is one question.")
    domains: dict[str, int] = Field(
        default_factory=dict,
        description="Domain of the track -> its share. Default: the weights that the track publishes, or else the same "
        "for every domain.",
    )
    difficulty: dict[Difficulty, int] = Field(
        default_factory=dict,
        description="easy, medium, hard -> share of the questions. Default: as the draw will have it.",
    )
    pace: float | None = Field(
        None,
        gt=0,
        le=10,
        description="How many of the labs' own minutes a minute of the exam may hold; long labs give way to shorter "
        "ones of their domain.",
    )
    without: list[Text] = Field(default_factory=list, description="Names of labs that are never drawn.")


class Exam(Model):
    """An exam: its labs, listed or drawn, its time, and what it takes to pass."""

    title: Text = Field(description="What it is, in a few words.")
    about: str = Field("", description="What a candidate should know of it before it begins.")
    track: Text = Field(description="The track whose domains its results are told by (labs/tracks).")
    minutes: int = Field(ge=1, le=600, description="How long it takes.")
    points: int = Field(100, ge=1, le=10000, description="What all of it is worth; questions share them by weight.")
    pass_mark: int = Field(ge=1, le=10000, description="How many of the points it takes to pass.")
    reboot: bool = Field(
        False, description="Machines of every question are restarted before it is graded, whatever its lab says."
    )
    labs: list[ListedLab] = Field(default_factory=list, description="Its labs, in their order; or else `draw`.")
    draw: Draw | None = Field(None, description="How its labs are drawn; or else `labs`.")

    # filled in by the loader
    name: str = Field("", exclude=True)
    path: Path = Field(Path(), exclude=True)
