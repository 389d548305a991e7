"""rung assess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rung.runner.cli.common import confirm, examples, print_json, quietly
from rung.runner.cli.start import begin
from rung.runner.render.assess import assessment_data, finished_page, open_page, question_page
from rung.runner.render.page import notice, show
from rung.runner.services import current
from rung.runner.services import progress as service
from rung.runner.services.labs import track_ids
from rung.runner.services.start import StartRequest, find_lab
from rung.runner.shell import proxy

if TYPE_CHECKING:
    from rung.runner.learning.assessment import Assessment


@click.command(
    epilog=examples(
        "rung assess cka               begin, or go on with the unfinished one",
        "rung assess cka --skip        skip the open lab: you cannot do it yet",
        "rung assess cka --minutes 60 --new",
    )
)
@click.argument("track", shell_complete=quietly(track_ids))
@click.option("--skip", is_flag=True, help="Skip the open lab, which counts as not yet known.")
@click.option("--new", is_flag=True, help="Begin a new one, even if one is unfinished.")
@click.option("--minutes", type=click.IntRange(5, 480), help="Time for a new one in minutes; default 30.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and start nothing.")
def assess(track: str, skip: bool, new: bool, minutes: int | None, as_json: bool) -> int:
    """Assess your skills for an exam, in about half an hour.

    You do a few labs, each chosen so that its result says most about the skills of TRACK. You may leave at any time;
    the same command goes on. In a terminal Rung asks before it starts a lab; elsewhere it starts none.
    """
    assessment = service.open_assessment(track, minutes=minutes, new=new, tell=notice)
    if skip:
        assessment = service.skip_open_lab(assessment, notice)
    while True:
        if assessment.open is None:
            question = assessment.question()
            if question is None:
                return _finish(assessment, as_json=as_json)
            assessment.propose(question)
            if not as_json:
                show(question_page(assessment, question))
            assessment = service.reread_assessment(assessment, notice)
        elif not as_json:
            _show_open(assessment)
        if as_json:
            return _print_json(assessment)
        if not _begin_open_lab(assessment):
            return 0
        assessment = service.reread_assessment(assessment, notice)
        if assessment.open is not None:
            _show_open(assessment)
            return 0


def _show_open(assessment: Assessment) -> None:
    show(open_page(assessment))


def _print_json(assessment: Assessment) -> int:
    print_json(assessment_data(assessment, None))
    return 0


def _finish(assessment: Assessment, *, as_json: bool) -> int:
    if as_json:
        _print_json(assessment)
    else:
        show(finished_page(assessment))
    assessment.finish()
    return 0


def _begin_open_lab(assessment: Assessment) -> bool:
    """Start the open lab if the learner agrees in a terminal; whether it was started."""
    assert assessment.open is not None
    if not proxy.at_a_terminal():
        notice(("rung start " + assessment.open.lab, "command"), " starts it.")
        return False
    if not confirm("Do it now?", default=True):
        return False
    begin(current.attempts(), find_lab(assessment.open.lab), StartRequest(), shell=True)
    return True
