"""rung doctor, rung images."""

from __future__ import annotations

from pathlib import Path

import click

from rung.runner.cli.common import examples, quietly


def _image_names() -> list[str]:
    from rung.runner.images.build import names

    return list(names())


@click.command(epilog=examples("rung doctor", "rung doctor --deep", "rung doctor --json"))
@click.option("--deep", is_flag=True, help="Also boot a machine and create a cluster, time it, and remove both.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(deep: bool, as_json: bool) -> int:
    """Check whether this computer can run labs, and say how to fix what is wrong.

    Looks at the engine, its version, cgroups, memory, disk, images, registry, and the capabilities that labs may
    need. The exit code is 3 if labs cannot run.
    """
    from rung.runner.doctor.host import diagnose
    from rung.runner.render.doctor import doctor_page
    from rung.runner.render.page import show
    from rung.runner.render.phases import Ticker

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

    Rung also builds or pulls them when a lab first needs them.
    """


@images.command("list", epilog=examples("rung images list", "rung images list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_images(as_json: bool) -> None:
    """List the images, and whether they are built."""
    from rung.runner.engine.connect import connect
    from rung.runner.images.build import listing
    from rung.runner.render.page import Page, show

    found = listing(connect())
    if as_json:
        import dataclasses
        import json

        click.echo(json.dumps([dataclasses.asdict(i) for i in found], indent=2, ensure_ascii=False))
        return
    rows = [
        (("✓", "passed") if i.bytes is not None else ("-", "dim"), i.name, _size(i.bytes), i.tag,
         i.about + ("" if i.exercised else " (not tested)"))
        for i in found
    ]  # fmt: skip
    show(Page().table(("", "IMAGE", "SIZE", "TAG", "WHAT"), list(rows)))


def _size(size: int | None) -> str:
    return "not built" if size is None else f"{size / 1e6:.0f} MB"


@images.command(epilog=examples("rung images save rung-images.tar", "kind load image-archive rung-images.tar"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def save(file: Path) -> None:
    """Write the images that Kubernetes labs deploy to a file.

    A cluster of your own needs them on its nodes: load the file with `kind load image-archive`,
    `minikube image load` or `k3d image import`, or with `ctr --namespace k8s.io images import` on each node.
    """
    from rung.runner.engine.connect import connect
    from rung.runner.images import workloads
    from rung.runner.render.phases import Phases

    with Phases() as phases:
        workloads.save(file, connect(), phases)
    for name in workloads.names():
        click.echo(name)


@images.command(epilog=examples("rung images prune", "rung images prune --yes"))
@click.option("--yes", is_flag=True, help="Remove them without asking.")
def prune(yes: bool) -> None:
    """Remove what earlier versions of Rung have left.

    That is: images of other versions that no machine uses, compiled programs and downloads of other versions, and
    packages of which there is a newer one. If another version of Rung is still in use on this computer, it has to
    build them again.

    Lists them and asks first; without a terminal nothing is removed without --yes.
    """
    from rung.runner.engine.connect import connect
    from rung.runner.images import prune as pruning
    from rung.runner.render.page import Page, notice, show
    from rung.runner.render.phases import Phases
    from rung.runner.shell.proxy import at_a_terminal

    engine = connect()
    found = pruning.left(engine)
    if not found:
        notice("There is nothing to remove.")
        return
    show(Page().table(("SIZE", "WHAT", "NAME"), [(_size(f.bytes), f.sort, f.name) for f in found]))
    if any(f.sort == "image" for f in found):
        notice("Images share layers: less than the sum of these sizes becomes free.")
    if not yes and not at_a_terminal():
        notice("Nothing was removed: ", ("rung images prune --yes", "command"), " does it.")
        return
    if not yes and not click.confirm("Remove them?", default=False, err=True):
        return
    with Phases() as phases:
        freed = pruning.remove(engine, found, phases)
    click.echo(f"freed {_size(freed)}")


@images.command(epilog=examples("rung images build", "rung images build linux"))
@click.argument("names", nargs=-1, metavar="[IMAGE]...", shell_complete=quietly(_image_names))
@click.option("--force", is_flag=True, help="Build an image even if it exists.")
def build(names: tuple[str, ...], force: bool) -> None:
    """Build images, by default all that Rung is tested with.

    If a container registry answers, they are built on its images, else from distribution packages.
    """
    from rung.runner.engine.connect import connect
    from rung.runner.images import build as making
    from rung.runner.render.phases import Phases

    engine = connect()
    wanted = names or tuple(i.name for i in making.listing(engine) if i.exercised)
    for name in wanted:
        with Phases() as phases:
            tag = (making.build if force else making.ensure)(name, engine, phases)
        click.echo(tag)
