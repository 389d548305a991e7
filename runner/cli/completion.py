"""rung completion."""

from __future__ import annotations

import click

from rung.runner.cli.common import examples


@click.command(
    epilog=examples(
        "rung completion bash > ~/.local/share/bash-completion/completions/rung",
        'rung completion zsh > "${fpath[1]}/_rung"',
        "rung completion fish > ~/.config/fish/completions/rung.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes Rung's commands in a shell.

    Names of labs, tasks, machines and attempts complete as well.
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None  # the choices above are those that click has
    click.echo(found(ctx.find_root().command, {}, "rung", "_RUNG_COMPLETE").source())
