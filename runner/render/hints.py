"""The page of `rung hint`."""

from __future__ import annotations

from collections.abc import Sequence

from rung.runner.render.page import Page


def hints_page(task: str, shown: Sequence[str], total: int, *, fresh: bool, docs: Sequence[str]) -> Page:
    """The newest hint of a task, or all its hints where none is new.

    shown: the hints that the learner has seen, oldest first; total: the number of hints that the task has;
    docs: the lab's pages worth reading, named where the task has no hint.
    """
    page = Page()
    if not shown:
        page.line(f"There is no hint for {task}.")
        return page.line("Worth reading: ", ", ".join(docs)) if docs else page
    listed = shown[-1:] if fresh else shown
    for number, text in enumerate(listed, len(shown) - len(listed) + 1):
        page.line((f"{task}, hint {number} of {total}", "strong"))
        page.markdown(text, indent=2)
    if not fresh:
        page.line(("These are all of its hints. ", "dim"), ("rung solution", "command"), (" shows a solution.", "dim"))
    return page
