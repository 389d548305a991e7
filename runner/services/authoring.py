"""What authors do with labs and exams: write, lint, prove, try mutants, preview, schemas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import Mistake, UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.services import current

if TYPE_CHECKING:
    from rung.runner.authoring.finding import LintFinding
    from rung.runner.authoring.mutation.lab_mutation import LabMutation
    from rung.runner.authoring.preview import Preview
    from rung.runner.authoring.proof import Proof
    from rung.runner.authoring.prove_exam import ExamProof


@dataclass(frozen=True)
class NewLab:
    """A new lab, just written."""

    folder: Path
    files: Sequence[Path]  # relative to the folder


def is_exam_file(word: str) -> bool:
    """Whether a word on the command line is an exam's file (*.yaml, but not lab.yaml) rather than a lab."""
    path = Path(word)
    return path.suffix in (".yaml", ".yml") and path.name != "lab.yaml"


def lab_folders_of(words: Sequence[str], *, everything: bool = False) -> list[Path]:
    """The folders of labs, each once.

    words: names of labs, folders of a lab, or folders of labs, which stand for all labs below them; none: the lab in
    the current folder. everything: all labs that come with Rung; then `words` do not count.
    Raises UsageError where a word is no lab, and without words where the current folder is none.
    """
    from rung.runner.catalog.labs import find
    from rung.runner.lab.folder import BUNDLED_LABS, lab_folders

    if everything:
        # The catalogue leaves out labs whose file has mistakes, so the folders are listed.
        return [folder for kind in ("linux", "kubernetes") for folder in lab_folders(BUNDLED_LABS / kind)]
    if not words:
        if Path("lab.yaml").exists():
            return [Path()]
        raise UsageError("No lab is named.", fix="Name labs or folders of labs, or use --all.")
    found: list[Path] = []
    for word in words:
        inner = lab_folders(Path(word)) if Path(word).is_dir() else []
        found += inner or [find(word).folder]
    return list(dict.fromkeys(found))


def skipped_links(words: Sequence[str]) -> list[Mistake]:
    """The links in folders of labs that lead to labs outside: `lab_folders_of` leaves those labs out.

    words: as for `lab_folders_of`.
    """
    from rung.runner.lab.folder import linked_labs

    return [mistake for word in words if Path(word).is_dir() for mistake in linked_labs(Path(word))]


def lint_files(words: Sequence[str], *, everything: bool = False) -> dict[str, list[LintFinding]]:
    """The findings in labs and exams, by name; with `everything` also in tracks and skills, under `the catalogue`.

    words: as for `lab_folders_of`, and files of exams. everything: all labs and exams that come with Rung.
    Raises UsageError as `lab_folders_of` does.
    """
    from rung.runner.authoring.lint import lint, lint_exam, lint_tracks
    from rung.runner.authoring.mutation.findings import findings as of_mutants
    from rung.runner.lab.folder import BUNDLED_LABS

    exams = [Path(word) for word in words if is_exam_file(word)]
    labs = [word for word in words if not is_exam_file(word)]
    folders = lab_folders_of(labs, everything=everything) if labs or not exams else []
    found = {folder.resolve().name: sorted([*lint(folder), *of_mutants(folder)]) for folder in folders}
    if everything:
        exams = sorted((BUNDLED_LABS / "exams").glob("*.yaml"))
        found["the catalogue"] = list(lint_tracks(BUNDLED_LABS))
    return found | {f"exam {path.stem}": list(lint_exam(path)) for path in exams}


def prove_labs(
    folders: Sequence[Path],
    *,
    changed: bool,
    jobs: int | None,
    keep: bool,
    seed: int,
    progress: Progress = silent,
    done: Callable[[Proof], None],
) -> list[Proof]:
    """Prove labs in parallel, and record those that are proven; their proofs, in the order of `folders`.

    changed: leave out labs whose record is valid; jobs: steps in parallel, None: two more than cores; keep: keep the
    machine of a step that fails; seed: draws the labs' values; done: called with each proof as it ends.
    Raises EngineGone, and UsageError where a lab is not trusted.
    """
    from rung.runner.authoring.proof_records import valid
    from rung.runner.authoring.prove_many import prove_all

    chosen = [folder for folder in folders if not (changed and valid(folder))]
    return list(prove_all(chosen, current.driver(), jobs=jobs, keep=keep, seed=seed, progress=progress, done=done))


def mutate_labs(
    folders: Sequence[Path],
    *,
    changed: bool,
    operator: str | None,
    jobs: int | None,
    keep: bool,
    progress: Progress = silent,
    done: Callable[[LabMutation], None],
) -> list[LabMutation]:
    """Try the mutants of labs in parallel, and record labs whose survivors are all declared; in the order of `folders`.

    changed: leave out labs whose record is valid; operator: try only the mutants of this one, and record nothing; jobs:
    machines in parallel, None: two more than cores; keep: keep the machine of each undeclared survivor; done: called
    with each result as it ends. Raises EngineGone, and UsageError where a lab is not trusted or there is no such
    operator.
    """
    from rung.runner.authoring.mutation import records
    from rung.runner.authoring.mutation.mutate_many import mutate_all

    chosen = [folder for folder in folders if not (changed and records.state(folder) == "valid")]
    return mutate_all(chosen, current.driver(), operator=operator, jobs=jobs, keep=keep, progress=progress, done=done)


def prove_exam_file(path: Path, *, seed: int, progress: Progress = silent) -> ExamProof:
    """Prove that questions of an exam which share a cluster do not disturb each other.

    seed: draws the questions. Raises LabFileError, EnvironmentBroken, and UsageError where nothing can be drawn or a
    lab is not trusted.
    """
    from rung.runner.authoring.prove_exam import prove_exam
    from rung.runner.exams.loader import load

    return prove_exam(load(path), current.driver(), seed=seed, progress=progress)


def write_new_lab(path: Path) -> NewLab:
    """Write a small lab that can be proven unchanged, and trust it with its later changes.

    Raises UsageError where the last part of the path is no name for a lab, or the folder exists or cannot be written.
    """
    from rung.runner.authoring.new import files, new

    folder = new(path.name, path.parent)
    return NewLab(folder, [Path(name) for name in files(folder)])


def preview_lab(word: str, seed: int) -> Preview:
    """A lab (name or folder) as a learner sees it with the values of `seed`, and its checks; no machine is started.

    Raises UsageError where there is no such lab or its checks.py is not trusted, LabFileError.
    """
    from rung.runner.authoring.preview import preview
    from rung.runner.catalog.labs import find

    return preview(find(word).folder, seed)


def schema_text(*, exam: bool) -> str:
    """The JSON Schema of lab.yaml; with `exam` that of an exam's file."""
    from rung.runner.exams import schema as of_exams
    from rung.runner.lab import schema as of_labs

    return of_exams.text() if exam else of_labs.text()


def stale_schemas() -> list[tuple[Path, str]]:
    """The schema files of Rung that differ from the code, each with the command that writes it."""
    from rung.runner.exams import schema as of_exams
    from rung.runner.lab import schema as of_labs

    known = ((of_labs.FILE, of_labs.text(), of_labs.COMMAND), (of_exams.FILE, of_exams.text(), of_exams.COMMAND))
    return [(path, command) for path, text, command in known if not path.exists() or path.read_text("utf-8") != text]
