"""The page of `rung tasks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rung.runner.render.page import Page, count

if TYPE_CHECKING:
    from rung.runner.lab.model import Lab, Task


def tasks_page(lab: Lab, points: Mapping[str, int], only: Sequence[str] = (), *, in_shell: bool = False) -> Page:
    """The lab's introduction, each task with its points, and the machines that are restarted before grading.

    `points` are those of each task, by id; `only` limits the page to these tasks. With `in_shell` commands are shown as
    typed in the machine's shell, without `rung`.
    """
    page = Page().line((lab.title, "title"), (f"  {lab.name}, {lab.difficulty}, {lab.minutes} min", "dim")).line()
    if lab.intro and not only:
        page.markdown(lab.intro).line()
    for number, task in enumerate(lab.tasks, 1):
        if not only or task.id in only:
            task_lines(page, number, task, points.get(task.id, 0), several=len(lab.hosts) > 1)
    if not only:
        _footer(page, lab, "check --live" if in_shell else "rung check --live")
    return page


def task_lines(page: Page, number: int, task: Task, points: int, *, several: bool) -> None:
    """Add one task of a lab: its number, its points and its text."""
    where = f", on {task.on}" if several and task.on else ""
    page.line((f"{number}. {task.id}", "strong"), (f"  {count(points, 'point')}{where}", "dim"))
    page.markdown(task.text, indent=3).line()


def _footer(page: Page, lab: Lab, live: str) -> None:
    if lab.docs:
        page.line(("Worth reading: ", "dim"), ", ".join(lab.docs))
    if names := lab.rebooted():
        page.line(
            f"It must last: before the score is taken, {' and '.join(names)} {'is' if len(names) == 1 else 'are'} "
            "restarted. ", (live, "command"), " grades without the restart.",
        )  # fmt: skip


def next_steps_page(attempt: str, *, alone: bool) -> Page:
    """The commands to use after a start; they name the attempt where it is not the only one."""
    which = "" if alone else f" --attempt {attempt}"
    page = Page().line(("How to go on", "strong"))
    for command, what in (
        (f"rung shell{which}", "opens a shell on the machine"),
        (f"rung check{which}", "grades what you did"),
        (f"rung hint{which}", "shows a hint"),
        (f"rung stop{which}", "ends the lab and removes its machines"),
    ):
        page.line((f"{command:{12 + len(which)}}", "command"), f" {what}", indent=2)
    return page
