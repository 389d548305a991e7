"""rung progress, rung next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from rung.runner.cli.common import can_ask, confirm, examples, print_json, quietly
from rung.runner.core.errors import UsageError
from rung.runner.render.next import next_data, next_page
from rung.runner.render.page import Page, count, notice, show
from rung.runner.render.progress import progress_data, progress_page
from rung.runner.services import progress as service
from rung.runner.services.labs import track_ids
from rung.runner.services.output import write_output


def track_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--track ID` to a command."""
    return click.option(
        "--track",
        metavar="ID",
        shell_complete=quietly(track_ids),
        help="The exam that you prepare for; by default those that you have results for, else all.",
    )(command)


@click.group(
    invoke_without_command=True,
    epilog=examples(
        "rung progress                        every exam that you have results for",
        "rung progress --track cka            one exam",
        "rung progress --track cka --map skills.svg",
        "rung progress export record.jsonl    for another computer",
    ),
)
@track_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--map", "svg", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Draw the skills as SVG."
)
@click.pass_context
def progress(ctx: click.Context, track: str | None, as_json: bool, svg: Path | None) -> None:
    """Show what your results say about your skills.

    For each exam: how many of its skills you have shown, hold, or never tried, and the score that you can expect.
    All of it comes from your own checks on this computer, and only `export` takes it elsewhere.
    """
    if ctx.invoked_subcommand is not None:
        return
    learner = service.known_learner(notice)
    tracks = learner.chosen(track)
    if svg is not None:
        write_output(svg, service.skill_map(learner, track))
        notice(f"The map is in {svg}; any browser shows it.")
    elif as_json:
        print_json(progress_data(learner, tracks))
    else:
        show(progress_page(learner, tracks))


@progress.command(epilog=examples("rung progress export record.jsonl", "rung progress export | jq .attempt.lab"))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path | None) -> None:
    """Write the whole record, to FILE or to stdout.

    Each line is a JSON object: an attempt with its checks, or an exam. docs/progress.schema.json describes them.
    """
    lines = service.export_record()
    if file is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    write_output(file, "".join(lines))
    notice(f"{count(len(lines) - 1, 'entry', 'entries')} written to {file}.")


@progress.command("import", epilog=examples("rung progress import record.jsonl"))
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Add the record of another computer to this one.

    Entries that are known already are skipped, so the same FILE may be imported again.
    """
    attempts, exams = service.import_record(file)
    show(Page().line(f"{count(attempts, 'attempt')} and {count(exams, 'exam')} are new here."))


@progress.command(epilog=examples("rung progress export record.jsonl && rung progress delete"))
@click.option("--yes", is_flag=True, help="Delete without asking.")
def delete(yes: bool) -> int:
    """Delete the record: every attempt, check, hint, exam and import.

    Machines that still run are kept, with what grading needs of their journals; so are exams that are not graded
    yet, with their attempts.
    """
    if not yes:
        if not can_ask():
            raise UsageError("There is no terminal to ask on.", fix="`rung progress delete --yes` does not ask.")
        notice("Your record so far will be deleted. ", ("rung progress export FILE", "command"), " keeps a copy.")
        if not confirm("Delete it?"):
            return 1
    gone = service.delete_record()
    page = Page().line(f"Deleted: {count(gone.attempts, 'attempt')}, {count(gone.exams, 'exam')}.")
    if gone.open_attempts:
        page.line(f"Kept: what grading needs of {count(gone.open_attempts, 'attempt')} that may still run.")
    if gone.open_exams:
        page.line(f"Kept: {count(gone.open_exams, 'exam')} not graded yet.")
    show(page)
    return 0


@click.command("next", epilog=examples("rung next", "rung next --track cka", "rung next --json | jq -r '.next[0].lab'"))
@track_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def next_(track: str | None, as_json: bool) -> None:
    """Propose three labs, each with its reason.

    Labs that build on a skill which you have not shown come last, but none is hidden. After a lab that you failed,
    the labs that lead back to it come first, as few as possible.
    """
    learner = service.known_learner(notice)
    tracks = learner.chosen(track)
    if as_json:
        print_json(next_data(learner, tracks))
    else:
        show(next_page(learner, tracks))
