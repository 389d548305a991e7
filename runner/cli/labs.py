"""rung labs, rung trust."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from rung.runner.cli.common import driver, examples, quietly


def _track_ids() -> Iterable[str]:
    from rung.runner.catalog import tracks

    return [track.id for track in tracks()]


def _domain_ids() -> Iterable[str]:
    from rung.runner.catalog import tracks

    return [domain.id for track in tracks() for domain in track.domains]


def _objective_ids() -> Iterable[str]:
    from rung.runner.catalog import tracks

    return [objective.id for track in tracks() for objective in track.objectives()]


def _skill_ids() -> Iterable[str]:
    from rung.runner.catalog import skills

    return list(skills())


def _filter(name: str, known: Callable[[], Iterable[str]], text: str) -> Callable[..., Callable[..., None]]:
    return click.option(f"--{name}", metavar="ID", shell_complete=quietly(known), help=text)


@click.command(
    epilog=examples(
        "rung labs                        all of them",
        "rung labs cron                   those about cron",
        "rung labs --track rhcsa10        what an exam asks for",
        "rung labs --difficulty easy --json",
    )
)
@click.argument("word", required=False)
@_filter("track", _track_ids, "Labs for this exam.")
@_filter("domain", _domain_ids, "Labs for this domain of an exam.")
@_filter("objective", _objective_ids, "Labs for this objective.")
@_filter("skill", _skill_ids, "Labs that train this skill.")
@click.option("--difficulty", type=click.Choice(["easy", "medium", "hard"]), help="Only labs of this difficulty.")
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

    With WORD those whose name, title, objectives or skills have it. A check mark stands at those that
    you passed.
    """
    from rung.runner.cli.listing import Filter, labs_data, labs_page
    from rung.runner.record import passed_labs
    from rung.runner.render import show

    found = Filter(word, track, domain, objective, skill, difficulty).apply()
    if as_json:
        import json

        click.echo(json.dumps(labs_data(found, passed_labs()), indent=2, ensure_ascii=False))
    else:
        show(labs_page(found, passed_labs(), driver))


@click.command(epilog=examples("rung trust ./our-labs"))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def trust(path: Path, yes: bool) -> int:
    """Trust a folder of labs: what it brings may run.

    Scripts of a lab run as root in its machines, its checks.py on this computer as you. So nothing of a
    folder runs before you said so; after a change to it, you are asked to say so again.
    """
    from rung.runner.cli.trusting import grant

    return grant(path, ask=not yes)
