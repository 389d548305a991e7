"""rung labs, rung trust."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from rung.runner.cli.common import can_ask, confirm, examples, print_json, quietly
from rung.runner.core.errors import UsageError
from rung.runner.render.labs import labs_data, labs_page
from rung.runner.render.page import Page, notice, show
from rung.runner.services import labs as catalog
from rung.runner.services.current import capabilities
from rung.runner.services.labs import DIFFICULTIES


def _filter(name: str, known: Callable[[], Iterable[str]], text: str) -> Callable[..., Callable[..., None]]:
    return click.option(f"--{name}", metavar="ID", shell_complete=quietly(known), help=text)


@click.command(
    epilog=examples(
        "rung labs                        all labs",
        "rung labs cron                   labs about cron",
        "rung labs --track rhcsa10        labs for an exam",
        "rung labs --difficulty easy --json",
    )
)
@click.argument("word", required=False)
@_filter("track", catalog.track_ids, "Labs for this exam.")
@_filter("domain", catalog.domain_ids, "Labs for this domain of an exam.")
@_filter("objective", catalog.objective_ids, "Labs for this objective.")
@_filter("skill", catalog.skill_ids, "Labs that train this skill.")
@click.option("--difficulty", type=click.Choice(DIFFICULTIES), help="Only labs of this difficulty.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def labs(
    word: str | None,
    track: str | None,
    domain: str | None,
    objective: str | None,
    skill: str | None,
    difficulty: str | None,
    as_json: bool,
) -> None:
    """List labs.

    With WORD only those that have it in their name, title, objectives or skills. A check mark means that you have
    passed the lab.
    """
    found = catalog.list_labs(catalog.LabFilter(word, track, domain, objective, skill, difficulty))
    if as_json:
        print_json(labs_data(found.labs, found.passed))
    else:
        show(labs_page(found.labs, found.passed, capabilities))
    for mistake in found.skipped:
        notice(("Skipped: ", "warning"), str(mistake))


@click.command(
    epilog=examples(
        "rung trust ./our-labs             show what they may do, and ask",
        "rung trust ./my-labs --edits      your own labs: trust your changes, too",
        "rung trust ./our-labs --forget",
    )
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--yes", is_flag=True, help="Trust them without asking.")
@click.option("--edits", is_flag=True, help="Trust later changes, too: for labs that you write.")
@click.option("--forget", is_flag=True, help="Withdraw trust.")
def trust(path: Path, yes: bool, edits: bool, forget: bool) -> int:
    """Trust a folder of labs, so that its scripts may run.

    A lab's scripts run as root on its machines, its checks.py runs on this computer as you. So nothing in a folder
    runs before you trust it, and a lab that changes has to be trusted again.
    """
    if forget:
        known = catalog.distrust_labs(path)
        notice(f"{path} is {'no longer' if known else 'not'} trusted.")
        return 0
    if not yes and not _agreed(path):
        notice(f"{path} is not trusted.")
        return 1
    names = catalog.trust_labs(path, edits=edits)
    click.echo(f"trusted {', '.join(names)}")
    return 0


def _agreed(path: Path) -> bool:
    """Show what the labs may do, and return whether the user agrees. Raises UsageError where nobody can be asked."""
    page = Page().line((f"What {path} will be allowed to do", "strong"))
    for sentence in catalog.permissions_of(path):
        page.line(sentence, mark=("-", "dim"))
    show(page, sys.stderr)
    if not can_ask():
        raise UsageError("There is no terminal to ask on.", fix=f"`rung trust --yes {path}` agrees to this.")
    return confirm("Trust it?")
