"""Reads labs/exams/NAME.yaml as an Exam, or reports every mistake in it with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rung.runner.catalog import labs as catalog
from rung.runner.catalog import trust
from rung.runner.catalog.tracks import Track
from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.core.text import did_you_mean, found
from rung.runner.exams.definition import LOADERS_OWN, Exam
from rung.runner.lab.folder import BUNDLED_LABS
from rung.runner.lab.validation import validated
from rung.runner.lab.yaml_tree import Document, read

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SHARES = (1, 1000)  # lowest and highest share of a domain or difficulty


def load(path: Path) -> Exam:
    """Read the exam in a file. Raises LabFileError with every mistake in it."""
    document = read(path)
    data = document.data
    if not isinstance(data, dict):
        if not document.mistakes:
            document.mistake((), f"expected a mapping with `title`, `track` and so on, found {found(data)}")
        raise LabFileError(document.mistakes)
    if not _NAME.fullmatch(path.stem):
        sentence = "expected a file name of at most 40 lower-case letters, digits and `-`, first a letter"
        document.mistake((), sentence)
    for key in LOADERS_OWN:
        if data.pop(key, None) is not None:
            document.mistake((key,), f"unknown key `{key}`", key=True)
    exam = validated(Exam, {**data, "name": path.stem, "path": path}, document, ())
    _judge(data, document)
    if document.mistakes or exam is None:
        raise LabFileError(document.mistakes)
    return exam


def find(word: str, home: Path = BUNDLED_LABS) -> Exam:
    """The exam of this name, or in this file. Raises UsageError where there is none, LabFileError."""
    by_path = Path(word).expanduser()
    if (os.sep in word or word.endswith((".yaml", ".yml"))) and by_path.is_file():
        return load(by_path)
    files = {path.stem: path for path in paths(home)}
    if word in files:
        return load(files[word])
    meant = did_you_mean(word, files) or "."
    raise UsageError(f"There is no exam `{word}`{meant}", fix="`rung exam list` lists them.")


def paths(home: Path = BUNDLED_LABS) -> list[Path]:
    """The files of all exams: those that came with Rung, then those of trusted packs."""
    folders = [home / "exams", *(pack / "exams" for pack in trust.packs())]
    return [path for folder in folders for path in sorted(folder.glob("*.yaml"))]


def lab_of(word: str, exam: Path) -> catalog.LabSummary:
    """The lab that an exam's file names: by a path from that file, or by its name. Raises UsageError."""
    beside = exam.parent / word
    return catalog.find(str(beside) if (beside / "lab.yaml").is_file() else word)


# -- rules that the model cannot express


def _judge(data: dict[str, Any], document: Document) -> None:
    track = _track(data, document)
    labs, draw = data.get("labs"), data.get("draw")
    if bool(labs) == bool(draw):
        what = "`labs` and `draw` exclude each other: leave one out" if labs else "`labs` or `draw` is missing"
        document.mistake(("draw",) if labs else (), what, key=bool(labs))
    points, mark = data.get("points", 100), data.get("pass_mark")
    if type(points) is int and type(mark) is int and mark > points:
        document.mistake(("pass_mark",), f"`pass_mark`: expected at most the exam's {points} points, found `{mark}`")
    if isinstance(labs, list):
        _judge_labs(labs, document)
    if isinstance(draw, dict):
        domains = [domain.id for domain in track.domains] if track else None
        _shares(draw.get("domains"), document, "domains", domains)
        _shares(draw.get("difficulty"), document, "difficulty", None)
        _judge_without(draw.get("without"), document)


def _track(data: dict[str, Any], document: Document) -> Track | None:
    tracks = {track.id: track for track in catalog.tracks()}
    name = data.get("track")
    if isinstance(name, str) and name not in tracks:
        document.mistake(("track",), f"`track`: unknown track `{name}`{document.meant(name, tracks)}")
    return tracks.get(name) if isinstance(name, str) else None


def _judge_labs(labs: list[Any], document: Document) -> None:
    seen: set[Path] = set()
    for number, entry in enumerate(labs):
        word = entry.get("lab") if isinstance(entry, dict) else None
        if not isinstance(word, str) or not word:
            continue
        where = ("labs", number, "lab")
        try:
            folder = lab_of(word, document.path).folder
        except LabFileError as error:
            document.mistake(where, f"the lab `{word}` has mistakes, the first: {error.mistakes[0]}")
            continue
        except UsageError as error:
            document.mistake(where, _lower(str(error)).rstrip("."))
            continue
        if folder in seen:
            document.mistake(where, f"the lab `{word}` is listed twice")
        seen.add(folder)


def _judge_without(names: Any, document: Document) -> None:
    known = {entry.name for entry in catalog.summaries()}
    for number, name in enumerate(names if isinstance(names, list) else []):
        if isinstance(name, str) and name and name not in known:
            sentence = f"there is no lab `{name}`{document.meant(name, known)}"
            document.mistake(("draw", "without", number), sentence)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _shares(shares: Any, document: Document, key: str, known: Iterable[str] | None) -> None:
    if not isinstance(shares, dict):
        return
    low, high = _SHARES
    for name, share in shares.items():
        where = ("draw", key, name)
        if known is not None and name not in known:
            document.mistake(where, f"unknown domain `{name}`{document.meant(name, known)}", key=True)
        if type(share) is int and not low <= share <= high:
            document.mistake(where, f"`{name}`: expected a share from {low} to {high}, found `{share}`")
