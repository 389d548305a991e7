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
    """Print the completion script for your shell.

    It completes commands, options, and the names of labs, tasks, machines and attempts.
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None  # click has a class for each choice above
    click.echo(found(ctx.find_root().command, {}, "rung", "_RUNG_COMPLETE").source())
