"""rung doctor, rung images."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from rung.runner.cli.common import confirm, examples, print_json, quietly
from rung.runner.core.errors import UsageError
from rung.runner.render.doctor import doctor_page
from rung.runner.render.page import Page, notice, show
from rung.runner.render.phases import Phases, Ticker
from rung.runner.services import host
from rung.runner.shell import proxy


@click.command(epilog=examples("rung doctor", "rung doctor --deep", "sudo rung doctor --undo"))
@click.option("--deep", is_flag=True, help="Also boot a machine and create a cluster, time it, and remove both.")
@click.option("--undo", is_flag=True, help="Take back the settings that `make lab` changed on this computer as root.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(deep: bool, undo: bool, as_json: bool) -> int:
    """Check whether this computer can run labs, and say how to fix what is wrong.

    Looks at the engine, its version, cgroups, memory, disk, images, registry, and the capabilities that labs may
    need. The exit code is 3 if labs cannot run.
    """
    if undo:
        if deep:
            raise UsageError("`--undo` and `--deep` exclude each other.", fix="Give one of them.")
        return _undo(as_json)
    with Ticker() as ticker:
        ticker("looking", "at the engine")
        findings = host.diagnose(deep=deep)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        show(doctor_page(findings))
    return 3 if any(finding.state == "bad" for finding in findings) else 0


def _undo(as_json: bool) -> int:
    done = host.undo_settings()
    if as_json:
        print_json(done)
        return 0
    for line in done or ["There is nothing to take back."]:
        click.echo(line)
    return 0


@click.group(epilog=examples("rung images list", "rung images build"))
def images() -> None:
    """Build and list the images that machines boot.

    Rung also builds or pulls them when a lab first needs them.
    """


@images.command("list", epilog=examples("rung images list", "rung images list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_images(as_json: bool) -> None:
    """List the images, and whether they are built."""
    found = host.list_images()
    if as_json:
        print_json([asdict(image) for image in found])
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
    with Phases() as phases:
        names = host.save_workload_images(file, phases)
    for name in names:
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
    found = host.leftovers()
    if not found:
        notice("There is nothing to remove.")
        return
    show(Page().table(("SIZE", "WHAT", "NAME"), [(_size(f.bytes), f.sort, f.name) for f in found]))
    if any(f.sort == "image" for f in found):
        notice("Images share layers: less than the sum of these sizes becomes free.")
    if not yes and not proxy.at_a_terminal():
        notice("Nothing was removed: ", ("rung images prune --yes", "command"), " does it.")
        return
    if not yes and not confirm("Remove them?"):
        return
    with Phases() as phases:
        freed = host.remove_leftovers(found, phases)
    click.echo(f"freed {_size(freed)}")


@images.command(epilog=examples("rung images build", "rung images build linux"))
@click.argument("names", nargs=-1, metavar="[IMAGE]...", shell_complete=quietly(host.image_names))
@click.option("--force", is_flag=True, help="Build an image even if it exists.")
def build(names: tuple[str, ...], force: bool) -> None:
    """Build images, by default all that Rung is tested with.

    If a container registry answers, they are built on its images, else from distribution packages.
    """
    wanted = names or tuple(image.name for image in host.list_images() if image.exercised)
    for name in wanted:
        with Phases() as phases:
            tag = host.build_image(name, force=force, progress=phases)
        click.echo(tag)
