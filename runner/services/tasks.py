"""The tasks of a lab, with the points of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rung.runner.lab.model import Lab


@dataclass(frozen=True)
class TaskList:
    """A lab whose tasks are shown."""

    lab: Lab
    points: dict[str, int]  # task id -> points of its checks; guards give none
    only: tuple[str, ...] = ()  # ids of the tasks to show; empty: all


def tasks_of(lab: Lab, task: str | None = None) -> TaskList:
    """The lab's tasks, or the one with this id.

    Raises UsageError for an unknown task, and where the lab's checks.py is not trusted; LabFileError.
    """
    from rung.runner.services.hints import task_named

    return TaskList(lab, points_of(lab), (task_named(lab, task).id,) if task else ())


def points_of(lab: Lab) -> dict[str, int]:
    """The points of each task, by its id. Raises UsageError where the lab's checks.py is not trusted, LabFileError."""
    from rung.runner.grading.grade import bound_checks

    points: dict[str, int] = {}
    for check in bound_checks(lab, {}):
        points[check.task] = points.get(check.task, 0) + (0 if check.holds else check.points)
    return points
