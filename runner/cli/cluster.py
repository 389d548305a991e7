"""rung env, rung warm."""

from __future__ import annotations

import shlex

import click

from rung.runner.cli.common import attempt_option, examples
from rung.runner.render.phases import Phases
from rung.runner.services.lifecycle import kubeconfig_path
from rung.runner.services.spare_cluster import create_spare, unwanted_reason


@click.command(epilog=examples('eval "$(rung env)"', "rung env --unset"))
@click.option("--unset", is_flag=True, help="Print the command that undoes it.")
@attempt_option
def env(attempt: str | None, unset: bool) -> None:
    """Print the command that points your own terminal at the lab's cluster.

    In this terminal kubectl and other programs then use that cluster. Your own kubeconfig is neither read nor
    changed.
    """
    if unset:
        click.echo("unset KUBECONFIG")
        return
    click.echo(f"export KUBECONFIG={shlex.quote(str(kubeconfig_path(attempt)))}")


@click.command(epilog=examples("rung warm", "rung warm --workers 1"))
@click.option("--workers", type=click.IntRange(0, 4), default=0, show_default=True, help="Nodes besides the first.")
def warm(workers: int) -> int:
    """Make a cluster ready for the next lab.

    A lab on a cluster of that size then starts in seconds. A cluster needs about 0.6 GiB of memory for each
    node; with less than 6 GiB free none is created. `rung stop --all` removes it.
    """
    why_not = unwanted_reason(workers)
    if why_not is not None:
        click.echo(why_not, err=True)
        return 0
    with Phases("A cluster is ready") as phases:
        create_spare(workers, phases)
    return 0
