"""rung exam: list, start, status, tasks, shell, flag, note, submit, report, review, dispute, stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from rung.runner.cli import short_lived
from rung.runner.cli.common import echo, examples, machine_names, print_json, quietly
from rung.runner.render.exams import exams_page, question_page, status_page
from rung.runner.render.page import show


def _exam_names() -> Iterable[str]:
    from rung.runner.services.exam_serve import exam_names

    return exam_names()


def _session_ids() -> Iterable[str]:
    from rung.runner.services.exam_serve import session_ids

    return session_ids()


def _session_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--exam ID` to a command."""
    return click.option(
        "--exam",
        metavar="ID",
        shell_complete=quietly(_session_ids),
        help="The exam's id (`rung exam list`); by default the open exam, or else the newest.",
    )(command)


@click.group(
    epilog=examples(
        "rung exam list",
        "rung exam start rhcsa-short",
        "rung exam shell 2                 open question 2",
        "rung exam submit                  end it, and grade all questions",
        "rung exam report --format html -o result.html",
    )
)
def exam() -> None:
    """Take an exam: labs against the clock, graded at the end.

    A question is a lab with all its tasks. docs/exams.md explains how exams are made and graded.
    """


@exam.command("list", epilog=examples("rung exam list", "rung exam list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_exams(as_json: bool) -> None:
    """List all exams, and those that you have taken."""
    from rung.runner.services.exam_serve import exam_list, session_data

    found = exam_list()
    for mistake in found.mistakes:
        click.echo(str(mistake), err=True)
    if not as_json:
        show(exams_page(found.exams, found.sessions))
        return
    exams = [
        {"name": one.name, "path": str(one.path), **one.model_dump(mode="json", exclude={"labs", "draw"})}
        for one in found.exams
    ]
    print_json({"exams": exams, "sittings": [session_data(session) for session in found.sessions]})


@exam.command(
    epilog=examples(
        "rung exam start cka-mock",
        "rung exam start cka-mock --seed 7        the same questions as everyone else who says 7",
        "rung exam start cka-short --practice     no clock, hints and solutions allowed",
        "rung exam start                          go on with the open one",
        "rung exam start --grant                  go on, with the time that a crash has cost",
    )
)
@click.argument("name", required=False, metavar="[EXAM|FILE]", shell_complete=quietly(_exam_names))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), metavar="N", help="Draw the questions by this number.")
@click.option("--practice", is_flag=True, help="No clock; `rung check`, hints and solutions are allowed.")
@click.option(
    "--minutes",
    type=click.IntRange(1, 600),
    metavar="N",
    help="Minutes allowed, instead of the exam's own; in practice mode this adds a clock.",
)
@click.option("--candidate", default="", metavar="NAME", help="The candidate's name, for the report.")
@click.option("--grant", is_flag=True, help="Give back the time when Rung, the engine or the computer was down.")
@click.option("--no-shell", is_flag=True, help="Print the questions and return instead of opening a shell.")
def start(
    name: str | None, seed: int | None, practice: bool, minutes: int | None, candidate: str, grant: bool, no_shell: bool
) -> int:
    """Start an exam, or go on with the open one.

    The clock starts once the first machines are ready; the others are created meanwhile. It runs on while this
    computer is down: after a crash, `rung exam start` goes on with every machine as it was.
    """
    from rung.runner.cli.exam_start import begin
    from rung.runner.services.exam_start import ExamRequest

    return begin(ExamRequest(name, seed, practice, minutes, candidate), grant=grant, shell=not no_shell)


@exam.command(epilog=examples("rung exam status", "rung exam status --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_session_option
def status(exam: str | None, as_json: bool) -> None:
    """Show the time left, and every question with its flag and note."""
    from rung.runner.services.exam_serve import machine_states, served_session, status_data

    session = served_session(exam)
    states = machine_states(session, echo)
    if as_json:
        print_json(status_data(session, states))
    else:
        show(status_page(session, states))


@exam.command(epilog=examples("rung exam tasks", "rung exam tasks 3"))
@click.argument("question", required=False, type=int, metavar="[N]")
@_session_option
def tasks(question: int | None, exam: str | None) -> None:
    """Show a question's tasks, and the host to work on; without N all questions."""
    from rung.runner.services.exam_serve import question_views

    for number, view in enumerate(question_views(exam, question)):
        if number:
            click.echo()
        show(question_page(view.session, view.question, view.lab, view.points))


@exam.command(epilog=examples("rung exam shell 3", "rung exam shell 3 node2", "rung exam shell 3 --new"))
@click.argument("question", required=False, type=int, metavar="[N]")
@click.argument("machine", required=False, shell_complete=quietly(machine_names))
@click.option("--new", is_flag=True, help="Start the question afresh; all work on it is lost.")
@_session_option
def shell(question: int | None, machine: str | None, new: bool, exam: str | None) -> int:
    """Open a shell on a question's machine.

    Without N it is the question that was opened last. The prompt shows the number of the question and the
    minutes left. Without a terminal, its machines are created or resumed, and no shell opens.
    """
    from rung.runner.shell.exam_shell import enter

    short_lived.leave()
    return enter(exam, question, machine, anew=new)


@exam.command(epilog=examples("rung exam flag 3", "rung exam flag 3 --off"))
@click.argument("question", type=int, metavar="N")
@click.option("--off", is_flag=True, help="Remove the flag.")
@_session_option
def flag(question: int, off: bool, exam: str | None) -> None:
    """Flag a question, to come back to it."""
    from rung.runner.services.exam_serve import set_flag

    set_flag(exam, question, on=not off)
    click.echo(f"question {question}: {'no flag' if off else 'flagged'}", err=True)


@exam.command(epilog=examples('rung exam note 3 "the unit starts, but not at boot"', 'rung exam note 3 ""'))
@click.argument("question", type=int, metavar="N")
@click.argument("text", nargs=-1)
@_session_option
def note(question: int, text: tuple[str, ...], exam: str | None) -> None:
    """Replace the note on a question; without TEXT show it."""
    from rung.runner.services.exam_serve import note_of, set_note

    if not text:
        click.echo(note_of(exam, question))
        return
    set_note(exam, question, " ".join(text))
    click.echo(f"question {question}: noted", err=True)


@exam.command(epilog=examples("rung exam submit", "rung exam submit --yes"))
@click.option("--yes", is_flag=True, help="Submit without asking.")
@click.option(
    "--give-up", is_flag=True, help="Questions that cannot be graded get no result; their weight is left out."
)
@_session_option
def submit(yes: bool, give_up: bool, exam: str | None) -> int:
    """Submit the exam: grade all questions, and show the result.

    This cannot be undone. If grading is interrupted, the same command goes on with the rest. The exit code is 0 if
    the exam is passed, 1 if it is not.
    """
    from rung.runner.cli import exam_results

    return exam_results.submit(exam, sure=yes, give_up=give_up)


@exam.command(
    epilog=examples(
        "rung exam report",
        "rung exam report 1a2b3c4d --format json",
        "rung exam report --format html -o result.html",
        "rung exam report --all --format csv -o class.csv",
    )
)
@click.argument("exam", required=False, metavar="[ID]", shell_complete=quietly(_session_ids))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "csv", "junit"]),
    default="text",
    show_default=True,
    help="The format of the report.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to it.")
@click.option("--all", "everything", is_flag=True, help="Report every graded exam (json, csv).")
def report(exam: str | None, form: str, output: Path | None, everything: bool) -> int:
    """Show the result of an exam, or write it for others.

    html is one self-contained page, fit for printing; csv has one row for each exam; docs/exam-report.schema.json
    describes json. The exit code is 0 if the exam is passed, 1 if it is not.
    """
    from rung.runner.cli import exam_results

    return exam_results.report(exam, form, output, everything=everything)


@exam.command(epilog=examples("rung exam review", "rung exam review 3", "rung exam review 3 --again"))
@click.argument("question", required=False, type=int, metavar="[N]")
@click.option("--again", is_flag=True, help="Start the question again, on fresh machines.")
@_session_option
def review(question: int | None, again: bool, exam: str | None) -> int:
    """Show a question after the exam: what was expected and found, and a solution.

    Without N all questions.
    """
    from rung.runner.cli import exam_results

    return exam_results.review(exam, question, again=again)


@exam.command(epilog=examples("rung exam dispute 3", "rung exam dispute 3 account.user --why 'The text names no uid.'"))
@click.argument("question", type=int, metavar="N")
@click.argument("check", required=False, metavar="[TASK.CHECK]")
@click.option("--why", default="", metavar="TEXT", help="Why you think the result is wrong.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to it.")
@_session_option
def dispute(question: int, check: str | None, why: str, output: Path | None, exam: str | None) -> None:
    """Collect what is needed to judge a result: task, check, what was observed, versions.

    Rung writes it to one file, for the author of the lab. If the machines still exist, the check is evaluated once
    more, and the file has each command with its output.
    """
    from rung.runner.services.exam_report import dispute_result

    click.echo(dispute_result(exam, question, check, why, output))


@exam.command(epilog=examples("rung exam stop", "rung exam stop 1a2b3c4d"))
@click.argument("exam", required=False, metavar="[ID]", shell_complete=quietly(_session_ids))
@click.option("--yes", is_flag=True, help="End it without asking, even if it is not submitted.")
def stop(exam: str | None, yes: bool) -> None:
    """Remove an exam's machines; its result is kept.

    An exam that is not submitted ends without a result.
    """
    from rung.runner.cli.exam_start import end

    end(exam, sure=yes)


@exam.command(hidden=True)
@click.argument("exam")
def keep(exam: str) -> None:
    """Run the supervisor of an exam: create its machines ahead, and pause them when the time is up."""
    from rung.runner.services.exam_serve import supervise

    short_lived.leave()
    supervise(exam)
