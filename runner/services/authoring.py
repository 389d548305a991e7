"""What an author does with labs and exams: lint, prove, preview, new, schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.services import current

if TYPE_CHECKING:
    from rung.runner.authoring.finding import LintFinding
    from rung.runner.authoring.preview import Preview
    from rung.runner.authoring.proof import Proof
    from rung.runner.authoring.prove_exam import ExamProof


@dataclass(frozen=True)
class NewLab:
    """A lab that was written."""

    folder: Path
    files: Sequence[Path]  # below the folder


def is_exam_file(word: str) -> bool:
    """Whether a word names an exam's file rather than a lab."""
    path = Path(word)
    return path.suffix in (".yaml", ".yml") and path.name != "lab.yaml"


def lab_folders_of(words: Sequence[str], *, everything: bool = False) -> list[Path]:
    """Folders of the labs that are meant; a folder of labs means each of them, no word the lab in this folder.

    everything: all labs that come with Rung. Raises UsageError.
    """
    from rung.runner.catalog.labs import find
    from rung.runner.lab.folder import BUNDLED_LABS, lab_folders

    if everything:
        # Not the catalogue's list: it leaves out labs whose file has mistakes.
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


def lint_files(words: Sequence[str], *, everything: bool = False) -> dict[str, list[LintFinding]]:
    """Name of a lab, of an exam, or `the catalogue` -> the findings in its files. Raises UsageError."""
    from rung.runner.authoring.lint import lint, lint_exam, lint_tracks
    from rung.runner.lab.folder import BUNDLED_LABS

    exams = [Path(word) for word in words if is_exam_file(word)]
    labs = [word for word in words if not is_exam_file(word)]
    folders = lab_folders_of(labs, everything=everything) if labs or not exams else []
    found = {folder.resolve().name: list(lint(folder)) for folder in folders}
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
    """Prove labs side by side; `done` is called with each proof as it ends.

    changed: leave out labs whose record is valid; jobs: steps side by side, None: by the number of cores;
    keep: keep the machine of a step that fails.
    """
    from rung.runner.authoring.proof_records import valid
    from rung.runner.authoring.prove_many import prove_all

    chosen = [folder for folder in folders if not (changed and valid(folder))]
    return list(prove_all(chosen, current.driver(), jobs=jobs, keep=keep, seed=seed, progress=progress, done=done))


def prove_exam_file(path: Path, *, seed: int, progress: Progress = silent) -> ExamProof:
    """Prove that the questions of an exam which share a cluster do not disturb each other. Raises LabFileError."""
    from rung.runner.authoring.prove_exam import prove_exam
    from rung.runner.exams.loader import load

    return prove_exam(load(path), current.driver(), seed=seed, progress=progress)


def write_new_lab(path: Path) -> NewLab:
    """Write a small lab that proves as it stands, and trust it with its edits. Raises UsageError."""
    from rung.runner.authoring.new import files, new

    folder = new(path.name, path.parent)
    return NewLab(folder, [Path(name) for name in files(folder)])


def preview_lab(word: str, seed: int) -> Preview:
    """A lab as a learner meets it, and its checks; no machine is started. Raises UsageError, LabFileError."""
    from rung.runner.authoring.preview import preview
    from rung.runner.catalog.labs import find

    return preview(find(word).folder, seed)


def schema_text(*, exam: bool) -> str:
    """The JSON Schema of lab.yaml, or of an exam's file."""
    from rung.runner.exams import schema as of_exams
    from rung.runner.lab import schema as of_labs

    return of_exams.text() if exam else of_labs.text()


def stale_schemas() -> list[tuple[Path, str]]:
    """The schema files that differ from the code, each with the command that writes it."""
    from rung.runner.exams import schema as of_exams
    from rung.runner.lab import schema as of_labs

    known = ((of_labs.FILE, of_labs.text(), of_labs.COMMAND), (of_exams.FILE, of_exams.text(), of_exams.COMMAND))
    return [(path, command) for path, text, command in known if not path.exists() or path.read_text("utf-8") != text]
