"""rung env, rung warm."""

from __future__ import annotations

import click

from rung.runner.cli.common import attempt_option, examples, running


@click.command(epilog=examples('eval "$(rung env)"', "rung env --unset"))
@click.option("--unset", is_flag=True, help="Print what takes it back.")
@attempt_option
def env(attempt: str | None, unset: bool) -> None:
    """Print what points your own terminal at the lab's cluster.

    kubectl and other programs of yours then work on it, in this terminal alone: your own kubeconfig is
    neither read nor changed.
    """
    import shlex

    from rung.runner.core.errors import UsageError
    from rung.runner.exams.access import entered

    if unset:
        click.echo("unset KUBECONFIG")
        return
    chosen = running(attempt, entered)
    path = chosen.driver.kubeconfig(chosen.id)
    if path is None:
        raise UsageError(f"{chosen.lab_name} has no cluster.", fix="`rung shell` opens its machine.")
    click.echo(f"export KUBECONFIG={shlex.quote(str(path))}")


@click.command(epilog=examples("rung warm", "rung warm --workers 1"))
@click.option("--workers", type=click.IntRange(0, 4), default=0, show_default=True, help="Nodes beside the first.")
def warm(workers: int) -> int:
    """Make a cluster ready for the next lab.

    A lab on a cluster of that size then begins in seconds. A cluster takes about 0.6 GiB of memory for each
    node; with less than 6 GiB free nothing is made. `rung stop --all` removes it.
    """
    from rung.runner.attempts.spare_cluster import spare_unwanted
    from rung.runner.cli.common import driver
    from rung.runner.lab.model import ClusterSpec
    from rung.runner.render.phases import Phases

    provider = driver()
    provider.collect_garbage()
    why_not = spare_unwanted(provider, workers)
    if why_not is not None:
        click.echo(why_not, err=True)
        return 0
    with Phases("A cluster is ready") as phases:
        provider.prepare(ClusterSpec(workers=workers), phases)
    return 0
