"""rung doctor, rung images."""

from __future__ import annotations

import click

from rung.runner.cli.common import examples, quietly


def _image_names() -> list[str]:
    from rung.runner.images import names

    return list(names())


@click.command(epilog=examples("rung doctor", "rung doctor --deep", "rung doctor --json"))
@click.option("--deep", is_flag=True, help="Also boot and restart a machine, and remove it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(deep: bool, as_json: bool) -> int:
    """Say whether this computer can run labs, and what to do where it cannot.

    Looks at the engine, its version, cgroups, memory, disk, images, registry, and at what labs may ask
    for. The exit code is 3 where labs cannot run.
    """
    from rung.runner.doctor import diagnose
    from rung.runner.phases import Ticker
    from rung.runner.render import show
    from rung.runner.render_doctor import doctor_page

    with Ticker() as ticker:
        ticker("looking", "at the engine")
        findings = diagnose(deep)
    if as_json:
        import dataclasses
        import json

        click.echo(json.dumps([dataclasses.asdict(f) for f in findings], indent=2, ensure_ascii=False))
    else:
        show(doctor_page(findings))
    return 3 if any(f.state == "bad" for f in findings) else 0


@click.group(epilog=examples("rung images list", "rung images build"))
def images() -> None:
    """Build and list the images that machines boot.

    They are built or pulled by themselves when a lab first needs them.
    """


@images.command("list", epilog=examples("rung images list", "rung images list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_images(as_json: bool) -> None:
    """List the images, and whether they are there."""
    from rung.runner.engine import connect
    from rung.runner.images import listing
    from rung.runner.render import Page, show

    found = listing(connect())
    if as_json:
        import dataclasses
        import json

        click.echo(json.dumps([dataclasses.asdict(i) for i in found], indent=2, ensure_ascii=False))
        return
    rows = [
        (("✓", "passed") if i.bytes is not None else ("-", "dim"), i.name, _size(i.bytes), i.tag,
         i.about + ("" if i.exercised else " (described, not exercised)"))
        for i in found
    ]  # fmt: skip
    show(Page().table(("", "IMAGE", "SIZE", "TAG", "WHAT"), list(rows)))


def _size(size: int | None) -> str:
    return "not built" if size is None else f"{size / 1e6:.0f} MB"


@images.command(epilog=examples("rung images build", "rung images build linux"))
@click.argument("names", nargs=-1, metavar="[IMAGE]...", shell_complete=quietly(_image_names))
@click.option("--force", is_flag=True, help="Build it although it is there.")
def build(names: tuple[str, ...], force: bool) -> None:
    """Build images, by default all that are exercised.

    Where a container registry answers they are built on its images, else from distribution packages.
    """
    from rung.runner import images as making
    from rung.runner.engine import connect
    from rung.runner.phases import Phases

    client = connect()
    wanted = names or tuple(i.name for i in making.listing(client) if i.exercised)
    for name in wanted:
        with Phases() as phases:
            tag = (making.build if force else making.ensure)(name, client, phases)
        click.echo(tag)
