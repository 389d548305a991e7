"""rung assess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rung.runner.cli.common import examples, quietly
from rung.runner.cli.progress import known_learner, track_ids

if TYPE_CHECKING:
    from rung.runner.learning.assessment import Assessment


@click.command(
    epilog=examples(
        "rung assess cka               begins, or goes on where it was",
        "rung assess cka --skip        not yet: that is an answer, too",
        "rung assess cka --minutes 60 --new",
    )
)
@click.argument("track", shell_complete=quietly(track_ids))
@click.option("--skip", is_flag=True, help="Pass over the lab that is open.")
@click.option("--new", is_flag=True, help="Begin anew, whatever is going on.")
@click.option("--minutes", type=click.IntRange(5, 480), help="How long a new one may take; default 30.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and start nothing.")
def assess(track: str, skip: bool, new: bool, minutes: int | None, as_json: bool) -> int:
    """Find out where you stand, in about half an hour.

    A few labs, each chosen so that its result tells most about the skills that TRACK asks for. Leave at any
    time; the same command goes on. Nothing is started unless you agree in a terminal.
    """
    from rung.runner.learning.assessment import begun

    learner = known_learner()
    one = begun(learner, learner.track(track), minutes=minutes, new=new)
    if skip:
        one = _skipped(one)
    while True:
        if one.open is None:
            chosen = one.question()
            if chosen is None:
                return _finished(one, as_json=as_json)
            one.propose(chosen)
            if not as_json:
                _show_question(one, chosen)
            one = _again(one)
        elif not as_json:
            _show_open(one)
        if as_json:
            return _json(one)
        if not _done(one):
            return 0
        one = _again(one)
        if one.open is not None:
            _show_open(one)
            return 0


def _again(one: Assessment) -> Assessment:
    """The same, after something has happened."""
    from rung.runner.learning.assessment import reread

    return reread(one.id, known_learner(), one.track)


def _skipped(one: Assessment) -> Assessment:
    from rung.runner.core.errors import UsageError

    if one.open is None:
        raise UsageError(
            "No lab of this assessment is open.", fix=f"`rung assess {one.track.id}` proposes the next one."
        )
    one.skip()
    return _again(one)


def _show_question(one: Assessment, chosen: object) -> None:
    from rung.runner.learning.adaptive_test import AssessmentQuestion
    from rung.runner.render.assess import question_page
    from rung.runner.render.page import show

    assert isinstance(chosen, AssessmentQuestion)
    show(question_page(one, chosen))


def _show_open(one: Assessment) -> None:
    from rung.runner.render.assess import open_page
    from rung.runner.render.page import show

    show(open_page(one))


def _json(one: Assessment) -> int:
    import json

    from rung.runner.render.assess import assessment_data

    click.echo(json.dumps(assessment_data(one, None), indent=2, ensure_ascii=False))
    return 0


def _finished(one: Assessment, *, as_json: bool) -> int:
    from rung.runner.render.assess import finished_page
    from rung.runner.render.page import show

    if as_json:
        _json(one)
    else:
        show(finished_page(one))
    one.finish()
    return 0


def _done(one: Assessment) -> bool:
    """Do the open lab now, if the learner agrees in a terminal; whether it was begun."""
    from rung.runner.catalog.labs import find
    from rung.runner.cli.common import attempts
    from rung.runner.cli.start import begin
    from rung.runner.render.page import notice
    from rung.runner.shell.proxy import at_a_terminal

    assert one.open is not None
    if not at_a_terminal():
        notice(("rung start " + one.open.lab, "command"), " begins it.")
        return False
    if not click.confirm("Do it now?", default=True, err=True):
        return False
    begin(attempts(), find(one.open.lab), seed=None, shell=True, new=False, keep=False)
    return True
