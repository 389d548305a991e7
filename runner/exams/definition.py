"""The model of an exam file, without anything that needs machines."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from rung.runner.lab.difficulties import Difficulty
from rung.runner.lab.model import Model, Text

MOST_QUESTIONS = 40
LOADERS_OWN = ("name", "path")


class ListedLab(Model):
    """One lab that an exam names."""

    lab: Text = Field(description="The lab's name, or its path relative to the exam's file.")
    weight: int = Field(
        1, ge=1, le=1000, description="The lab's share of the exam's points, relative to the weights of the others."
    )


class Draw(Model):
    """How an exam's labs are drawn from the catalogue."""

    questions: int = Field(ge=1, le=MOST_QUESTIONS, description="The number of labs. Each lab is one question.")
    domains: dict[str, int] = Field(
        default_factory=dict,
        description="Domain of the track -> its share of the exam. Default: the weights that the track publishes, or "
        "equal shares where it publishes none.",
    )
    difficulty: dict[Difficulty, int] = Field(
        default_factory=dict,
        description="easy, medium, hard -> share of the questions. Default: the draw ignores difficulty.",
    )
    pace: float | None = Field(
        None,
        gt=0,
        le=10,
        description="The most minutes of labs for each minute of the exam. Where the labs take longer, the draw "
        "replaces long ones by shorter ones of the same domain. Default: no limit.",
    )
    without: list[Text] = Field(default_factory=list, description="Names of labs that are never drawn.")


class Exam(Model):
    """An exam: its labs, listed or drawn, its time, and what it takes to pass."""

    title: Text = Field(description="The exam's title, in a few words.")
    about: str = Field("", description="What a candidate should know before the exam begins.")
    track: Text = Field(description="The track (labs/tracks). The result gives points for each of its domains.")
    minutes: int = Field(ge=1, le=600, description="The time that a candidate has, in minutes.")
    points: int = Field(
        100, ge=1, le=10000, description="The points of the whole exam. The questions share them by weight."
    )
    pass_mark: int = Field(ge=1, le=10000, description="The points that a candidate needs to pass.")
    reboot: bool = Field(
        False, description="Restart the Linux machines of every question before it is graded, whatever its lab says."
    )
    labs: list[ListedLab] = Field(
        default_factory=list, description="The exam's labs, in order. An exam has either `labs` or `draw`."
    )
    draw: Draw | None = Field(None, description="How the labs are drawn. An exam has either `labs` or `draw`.")

    # filled in by the loader
    name: str = Field("", exclude=True)
    path: Path = Field(Path(), exclude=True)
