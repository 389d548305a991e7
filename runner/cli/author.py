"""rung author: new, lint, prove, preview, schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rung.runner.cli import common
from rung.runner.cli.common import examples, lab_names, quietly

if TYPE_CHECKING:
    from rung.runner.authoring.finding import LintFinding
    from rung.runner.authoring.proof import Proof


@click.group(
    epilog=examples(
        "rung author new ./labs/my-first-lab",
        "rung author lint ./labs/my-first-lab",
        "rung author prove ./labs/my-first-lab",
    )
)
def author() -> None:
    """Write labs, and prove that they are graded rightly.

    docs/authors.md leads from nothing to a proven lab.
    """


def _labs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `[LAB|PATH]...` and `--all` to a command."""
    every = click.option("--all", "everything", is_flag=True, help="All labs that come with Rung.")
    named = click.argument("labs", nargs=-1, metavar="[LAB|PATH]...", shell_complete=quietly(lab_names))
    return named(every(command))


def _chosen(words: tuple[str, ...], everything: bool) -> list[Path]:
    """Folders of the labs that are meant; a folder of labs means each of them. Raises UsageError."""
    from rung.runner.catalog.labs import find
    from rung.runner.core.errors import UsageError
    from rung.runner.lab.folder import BUNDLED_LABS, lab_folders

    if everything:
        # Not the catalogue's: it leaves out labs whose file has mistakes.
        return [folder for kind in ("linux", "kubernetes") for folder in lab_folders(BUNDLED_LABS / kind)]
    if not words:
        if Path("lab.yaml").exists():
            return [Path()]
        raise UsageError("No lab is named.", fix="Name labs or folders of labs, or say --all.")
    found: list[Path] = []
    for word in words:
        inner = lab_folders(Path(word)) if Path(word).is_dir() else []
        found += inner or [find(word).folder]
    return list(dict.fromkeys(found))


@author.command(
    epilog=examples(
        "rung author lint", "rung author lint ./labs", "rung author lint ./exams/mine.yaml", "rung author lint --all"
    )
)
@_labs
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(labs: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Read labs for mistakes, without a machine.

    A file that ends in .yaml, and is no lab.yaml, is read as an exam. With --all the exams, and the tracks and
    skills that labs name, are read too. Advice does not change the exit code; a mistake makes it 1.
    """
    from rung.runner.authoring.lint import lint as look
    from rung.runner.authoring.lint import lint_exam, lint_tracks
    from rung.runner.lab.folder import BUNDLED_LABS
    from rung.runner.render.page import show
    from rung.runner.render.proof import findings_page

    exams = [Path(word) for word in labs if _is_exam(word)]
    words = tuple(word for word in labs if not _is_exam(word))
    found = {
        folder.resolve().name: look(folder) for folder in (_chosen(words, everything) if words or not exams else ())
    }
    if everything:
        exams = sorted((BUNDLED_LABS / "exams").glob("*.yaml"))
        found["the catalogue"] = lint_tracks(BUNDLED_LABS)
    found |= {f"exam {path.stem}": lint_exam(path) for path in exams}
    if as_json:
        import json

        click.echo(json.dumps([_finding(f) for findings in found.values() for f in findings], indent=2))
    else:
        for name, findings in found.items():
            show(findings_page(name, findings))
    return int(any(not f.advice for findings in found.values() for f in findings))


def _is_exam(word: str) -> bool:
    path = Path(word)
    return path.suffix in (".yaml", ".yml") and path.name != "lab.yaml"


def _finding(finding: LintFinding) -> dict[str, object]:
    return {
        "path": str(finding.path),
        "line": finding.line,
        "column": finding.column,
        "sentence": finding.sentence,
        "advice": finding.advice,
    }


@author.command(
    epilog=examples(
        "rung author prove                       the lab in this folder",
        "rung author prove ./labs --jobs 4       each lab below it",
        "rung author prove --all --json",
        "rung author prove my-lab --keep         keep the machine of a step that fails",
        "rung author prove ./exams/mine.yaml     an exam: that its questions may share clusters",
    )
)
@_labs
@click.option("--changed", is_flag=True, help="Only those that changed since they were proven.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Draw values by it.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Steps side by side (default: two more than cores).")
@click.option("--keep", is_flag=True, help="Keep the machine of a step that fails, to look at it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prove(
    labs: tuple[str, ...], everything: bool, changed: bool, seed: int, jobs: int | None, keep: bool, as_json: bool
) -> int:
    """Prove labs: fresh machines, every solution, every mistake.

    Untouched, nothing passes; each right answer passes everything; each wrong one fails exactly what it
    names; and the grader says the same thing twice. Of an exam (a file that ends in .yaml) it is proven that
    questions which share a cluster do not get into each other's way. The exit code is 1 where a lab or an exam
    is not proven.
    """
    from rung.runner.authoring.proof_records import valid
    from rung.runner.authoring.prove_many import prove_all
    from rung.runner.render.page import show
    from rung.runner.render.phases import Ticker
    from rung.runner.render.proof import proof_page, proofs_summary

    exams = [word for word in labs if _is_exam(word)]
    if exams:
        return _prove_exams(exams, seed)
    folders = [f for f in _chosen(labs, everything) if not (changed and valid(f))]

    def done(proof: Proof) -> None:
        if not as_json:
            show(proof_page(proof))

    with Ticker() as ticker:
        proofs = prove_all(folders, common.driver(), jobs=jobs, keep=keep, seed=seed, progress=ticker, done=done)
    if as_json:
        import json

        click.echo(json.dumps([p.as_json() for p in proofs], indent=2, ensure_ascii=False))
    else:
        show(proofs_summary(proofs))
    return int(any(not p.ok and p.skipped is None for p in proofs))


def _prove_exams(words: list[str], seed: int) -> int:
    from rung.runner.authoring.prove_exam import prove_exam
    from rung.runner.exams.loader import load
    from rung.runner.render.page import show
    from rung.runner.render.phases import Ticker
    from rung.runner.render.proof import exam_proof_page

    proven = True
    with Ticker() as ticker:
        for word in words:
            proof = prove_exam(load(Path(word)), common.driver(), seed=seed, progress=ticker)
            show(exam_proof_page(proof))
            proven = proven and proof.ok
    return int(not proven)


@author.command(epilog=examples("rung author new my-first-lab", "rung author new ./labs/my-first-lab"))
@click.argument("path", type=click.Path(path_type=Path))
def new(path: Path) -> None:
    """Write a small lab that proves as it stands.

    Change it bit by bit, and prove it again. It is trusted, your changes included.
    """
    from rung.runner.authoring.new import files
    from rung.runner.authoring.new import new as write
    from rung.runner.render.page import notice

    place = write(path.name, path.parent)
    for name in files(place):
        click.echo(place / name)
    look, prove = (f"rung author preview {place}", "command"), (f"rung author prove {place}", "command")
    notice("Next: ", look, ", then ", prove, ".")


@author.command(epilog=examples("rung author preview", "rung author preview ./labs/my-first-lab --seed 2"))
@click.argument("lab", default=".", metavar="[LAB|PATH]", shell_complete=quietly(lab_names))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Draw values by it.")
def preview(lab: str, seed: int) -> None:
    """Show a lab as a learner meets it, and what will be asked.

    No machine is started.
    """
    from rung.runner.authoring.preview import preview as look
    from rung.runner.catalog.labs import find
    from rung.runner.render.page import show
    from rung.runner.render.preview import preview_page

    show(preview_page(look(find(lab).folder, seed)))


@author.command(
    epilog=examples(
        "rung author schema > lab.schema.json",
        "rung author schema --exam > exam.schema.json",
        "rung author schema --check",
    )
)
@click.option("--exam", is_flag=True, help="The schema of an exam's file instead.")
@click.option("--check", is_flag=True, help="Say whether the files that come with Rung are as the code is.")
def schema(exam: bool, check: bool) -> int:
    """Print the JSON Schema of lab.yaml.

    Editors complete and check labs (and exams) with it.
    """
    from rung.runner.exams import schema as of_exams
    from rung.runner.lab import schema as of_labs
    from rung.runner.render.page import notice

    if not check:
        click.echo((of_exams if exam else of_labs).text(), nl=False)
        return 0
    kinds = ((of_labs.FILE, of_labs.text(), of_labs.COMMAND), (of_exams.FILE, of_exams.text(), of_exams.COMMAND))
    stale = [(path, command) for path, text, command in kinds if not path.exists() or path.read_text("utf-8") != text]
    for path, command in stale:
        notice(f"{path} is not as the code is. Run ", (command, "command"), ".")
    return int(bool(stale))
