"""The command line: parse, call a service, print, exit. No other package imports click.

So that `rung --help` is fast, a command's module is imported only when the command is used, and `COMMANDS` holds what
the help page needs (a test compares it with the commands).
"""

from __future__ import annotations

from importlib import import_module
from typing import NoReturn

import click

from rung.runner.cli import short_lived
from rung.runner.cli.process import PipeBroke, run

COMMANDS: dict[str, tuple[str, str]] = {
    "labs": ("labs", "List labs."),
    "start": ("start", "Start a lab: its machines, its starting state, then your shell."),
    "tasks": ("learn", "Show the tasks of the running lab."),
    "shell": ("learn", "Open a shell on a machine of the running lab."),
    "check": ("check", "Grade the running lab."),
    "hint": ("learn", "Show the next hint for a task."),
    "solution": ("learn", "Show the lab's own solution."),
    "reset": ("attempts", "Put the machines back to their starting state."),
    "progress": ("progress", "Show what your results say about your skills."),
    "assess": ("assess", "Assess your skills for an exam, in about half an hour."),
    "next": ("progress", "Propose three labs, each with its reason."),
    "pause": ("attempts", "Freeze the machines as they are."),
    "resume": ("attempts", "Resume the machines after a pause."),
    "stop": ("attempts", "End an attempt and remove its machines."),
    "status": ("attempts", "Show all attempts, and how to go on."),
    "exam": ("exam", "Take an exam: labs against the clock, graded at the end."),
    "env": ("cluster", "Print the command that points your own terminal at the lab's cluster."),
    "warm": ("cluster", "Make a cluster ready for the next lab."),
    "doctor": ("host", "Check whether this computer can run labs, and say how to fix what is wrong."),
    "images": ("host", "Build and list the images that machines boot."),
    "trust": ("labs", "Trust a folder of labs, so that its scripts may run."),
    "author": ("author", "Write labs, and prove that they are graded correctly."),
    "completion": ("completion", "Print the completion script for your shell."),
}

SECTIONS = {
    "Do a lab": ["labs", "start", "tasks", "shell", "check", "hint", "solution", "reset"],
    "Your skills": ["progress", "next", "assess"],
    "Attempts": ["status", "pause", "resume", "stop"],
    "Exams": ["exam"],
    "Clusters": ["env", "warm"],
    "This computer": ["doctor", "images", "trust", "completion"],
    "Write labs": ["author"],
}


class LazyGroup(click.Group):
    """A group that imports each command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the same
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"rung.runner.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_" if cmd_name == "next" else cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"There is no command {args[0]!r}.{_near(args[0])}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise PipeBroke from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # the same
        for section, names in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(f"{name:10}", COMMANDS[name][1]) for name in names])


def _near(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"rung {version('rung')}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  rung start                 start the lab that Rung proposes, with a shell in it
  rung labs users            list labs about users
  rung check                 grade it; in its shell `check` does the same
  rung stop                  remove its machines
""",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def rung() -> None:
    """Hands-on Linux and Kubernetes labs on real machines, graded honestly.

    Commands are about the attempt that is running; where several are, name one with --attempt.

    Exit codes: 0 done, or all passed; 1 something failed; 2 a mistake in the command or in a file; 3 the
    environment is broken or missing.
    """


def main() -> int:
    """Run the `rung` command and return its exit code."""
    return run(rung)


def program() -> NoReturn:
    """The `rung` program."""
    short_lived.enter()
    short_lived.end(main())
