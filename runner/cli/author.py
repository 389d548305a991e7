"""rung author: new, lint, prove, mutate, preview, schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rung.runner.cli.common import examples, print_json, quietly
from rung.runner.render.mutation import mutation_page, mutations_summary
from rung.runner.render.page import notice, show
from rung.runner.render.phases import Ticker
from rung.runner.render.preview import preview_page
from rung.runner.render.proof import exam_proof_page, findings_page, proof_page, proofs_summary
from rung.runner.services import authoring
from rung.runner.services.labs import lab_names

if TYPE_CHECKING:
    from rung.runner.authoring.finding import LintFinding
    from rung.runner.authoring.mutation.lab_mutation import LabMutation
    from rung.runner.authoring.proof import Proof


@click.group(
    epilog=examples(
        "rung author new ./labs/my-first-lab",
        "rung author lint ./labs/my-first-lab",
        "rung author prove ./labs/my-first-lab",
    )
)
def author() -> None:
    """Write labs, and prove that they are graded correctly.

    docs/authors.md explains how, from an empty folder to a proven lab.
    """


def _labs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `[LAB|PATH]...` and `--all` to a command."""
    every = click.option("--all", "everything", is_flag=True, help="All labs that come with Rung.")
    named = click.argument("labs", nargs=-1, metavar="[LAB|PATH]...", shell_complete=quietly(lab_names))
    return named(every(command))


@author.command(
    epilog=examples(
        "rung author lint", "rung author lint ./labs", "rung author lint ./exams/mine.yaml", "rung author lint --all"
    )
)
@_labs
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(labs: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Find mistakes in labs, without a machine.

    A file that ends in .yaml, other than lab.yaml, is read as an exam. --all includes the exams, tracks and skills
    that come with Rung. A mistake makes the exit code 1, advice does not.
    """
    _warn_of_links(labs, everything=everything)
    found = authoring.lint_files(labs, everything=everything)
    if as_json:
        print_json([_finding(finding) for findings in found.values() for finding in findings])
    else:
        for name, findings in found.items():
            show(findings_page(name, findings))
    return int(any(not finding.advice for findings in found.values() for finding in findings))


def _warn_of_links(labs: tuple[str, ...], *, everything: bool) -> None:
    """Name the labs that are left out because they are links to a lab outside of the named folder."""
    for mistake in [] if everything else authoring.skipped_links(labs):
        notice(("Skipped: ", "warning"), str(mistake))


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
        "rung author prove ./labs --jobs 4       all labs below this folder",
        "rung author prove --all --json",
        "rung author prove my-lab --keep         keep the machine of a step that fails",
        "rung author prove ./exams/mine.yaml     an exam: whether its questions can share clusters",
    )
)
@_labs
@click.option("--changed", is_flag=True, help="Only labs that have no valid record in proofs.json.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Draw values by it.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Steps in parallel (default: two more than cores).")
@click.option("--keep", is_flag=True, help="Keep the machine of each step that fails.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prove(
    labs: tuple[str, ...], everything: bool, changed: bool, seed: int, jobs: int | None, keep: bool, as_json: bool
) -> int:
    """Prove labs: try every right and wrong answer on fresh machines.

    On an untouched machine nothing passes; each right answer passes everything; each wrong answer fails exactly the
    checks that it names; and grading twice gives the same result. For an exam (a file that ends in .yaml) Rung
    proves that questions which share a cluster do not disturb each other. The exit code is 1 if a lab or an exam is
    not proven.
    """
    exams = [word for word in labs if authoring.is_exam_file(word)]
    if exams:
        return _prove_exams(exams, seed)
    _warn_of_links(labs, everything=everything)
    folders = authoring.lab_folders_of(labs, everything=everything)

    def done(proof: Proof) -> None:
        if not as_json:
            show(proof_page(proof))

    with Ticker() as ticker:
        proofs = authoring.prove_labs(
            folders, changed=changed, jobs=jobs, keep=keep, seed=seed, progress=ticker, done=done
        )
    if as_json:
        print_json([proof.as_json() for proof in proofs])
    else:
        show(proofs_summary(proofs))
    return int(any(not proof.ok and proof.skipped is None for proof in proofs))


def _prove_exams(words: list[str], seed: int) -> int:
    proven = True
    with Ticker() as ticker:
        for word in words:
            proof = authoring.prove_exam_file(Path(word), seed=seed, progress=ticker)
            show(exam_proof_page(proof))
            proven = proven and proof.ok
    return int(not proven)


@author.command(
    epilog=examples(
        "rung author mutate                      the lab in this folder",
        "rung author mutate --all --json",
        "rung author mutate my-lab --keep        keep the machine of a survivor",
        "rung author mutate my-lab --operator omit-option",
    )
)
@_labs
@click.option("--changed", is_flag=True, help="Only labs that have no valid record in mutants.json.")
@click.option("--operator", metavar="NAME", help="Only mutants of this operator; nothing is recorded.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Machines in parallel (default: two more than cores).")
@click.option("--keep", is_flag=True, help="Keep the machine of each survivor that is not declared.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def mutate(
    labs: tuple[str, ...],
    everything: bool,
    changed: bool,
    operator: str | None,
    jobs: int | None,
    keep: bool,
    as_json: bool,
) -> int:
    """Try slightly wrong answers that Rung derives from the right ones.

    Each mutant is a right answer with one change: something left out, undone, or a little different. One that still
    earns all points is a hole in the grader, unless the lab's mutants.yaml declares it as right, too. The exit code is
    1 if a survivor is not declared.
    """
    _warn_of_links(labs, everything=everything)
    folders = authoring.lab_folders_of(labs, everything=everything)

    def done(result: LabMutation) -> None:
        if not as_json:
            show(mutation_page(result))

    with Ticker() as ticker:
        results = authoring.mutate_labs(
            folders, changed=changed, operator=operator, jobs=jobs, keep=keep, progress=ticker, done=done
        )
    if as_json:
        print_json([result.as_json() for result in results])
    else:
        show(mutations_summary(results))
    return int(any(not result.ok and result.skipped is None for result in results))


@author.command(epilog=examples("rung author new my-first-lab", "rung author new ./labs/my-first-lab"))
@click.argument("path", type=click.Path(path_type=Path))
def new(path: Path) -> None:
    """Write a small lab to start from.

    It can be proven unchanged: change it step by step, and prove it again. Rung trusts it with your changes.
    """
    lab = authoring.write_new_lab(path)
    for name in lab.files:
        click.echo(lab.folder / name)
    look, prove = (f"rung author preview {lab.folder}", "command"), (f"rung author prove {lab.folder}", "command")
    notice("Next: ", look, ", then ", prove, ".")


@author.command(epilog=examples("rung author preview", "rung author preview ./labs/my-first-lab --seed 2"))
@click.argument("lab", default=".", metavar="[LAB|PATH]", shell_complete=quietly(lab_names))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Draw values by it.")
def preview(lab: str, seed: int) -> None:
    """Show a lab as a learner sees it, and its checks.

    No machine is started.
    """
    show(preview_page(authoring.preview_lab(lab, seed)))


@author.command(
    epilog=examples(
        "rung author schema > lab.schema.json",
        "rung author schema --exam > exam.schema.json",
        "rung author schema --check",
    )
)
@click.option("--exam", is_flag=True, help="Print the schema of an exam's file instead.")
@click.option("--check", is_flag=True, help="Check that the schema files of Rung are up to date, instead.")
def schema(exam: bool, check: bool) -> int:
    """Print the JSON Schema of lab.yaml.

    Editors use it to complete and check labs and exams.
    """
    if not check:
        click.echo(authoring.schema_text(exam=exam), nl=False)
        return 0
    stale = authoring.stale_schemas()
    for path, command in stale:
        notice(f"{path} is out of date: run ", (command, "command"), ".")
    return int(bool(stale))
