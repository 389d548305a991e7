"""The catalogue of labs: those that come with Rung and those of trusted packs.

Only the head of each lab.yaml is read, so that listing a thousand labs takes less than a second.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rung.runner.catalog import trust
from rung.runner.core.errors import LabFileError, Mistake, UsageError
from rung.runner.core.text import did_you_mean
from rung.runner.lab import yaml_tree
from rung.runner.lab.difficulties import DIFFICULTIES
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders, linked_labs

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Skill, Track
    from rung.runner.lab.model import Lab

_BLOCK = re.compile(r"\n(?=[A-Za-z_\"'])")
_HEAD = frozenset({"title", "difficulty", "minutes", "objectives", "skills", "capabilities", "environment"})


@dataclass(frozen=True)
class LabSummary:
    """One lab of the catalogue: the head of its lab.yaml."""

    name: str
    folder: Path
    title: str
    difficulty: str
    minutes: int
    objectives: tuple[str, ...]
    skills: tuple[str, ...]
    capabilities: tuple[str, ...]
    machines: int  # of a cluster: nodes
    kind: str  # "linux" or "kubernetes"
    pack: str | None  # the name of the pack's folder; None for the labs that come with Rung

    @property
    def need(self) -> Literal["machines", "cluster"]:
        """What the lab needs of a driver, which picks the driver (`rung.runner.drivers.base.plan.Need`)."""
        return "machines" if self.kind == "linux" else "cluster"

    @property
    def required(self) -> tuple[str, ...]:
        """The capabilities that its driver must have."""
        return (*self.capabilities, *(("cluster",) if self.need == "cluster" else ()))


def summaries(home: Path = BUNDLED_LABS) -> list[LabSummary]:
    """All labs: the bundled ones, then those of each pack, by name. Labs with mistakes in their head are left out."""
    return _labs(_entries(home))


def catalogue(home: Path = BUNDLED_LABS) -> tuple[list[LabSummary], list[Mistake]]:
    """All labs as `summaries` has them, and why others are left out: mistakes in their files, and skipped links."""
    entries = _entries(home)
    mistakes = [entry.mistakes[0] for entry in entries if isinstance(entry, LabFileError)]
    return _labs(entries), list(dict.fromkeys([*mistakes, *_skipped_links()]))


def _entries(home: Path) -> list[LabSummary | LabFileError | None]:
    """What each folder of the catalogue holds: a lab, a lab with mistakes, or nothing."""
    bundled = [_summary(folder, None) for kind in ("linux", "kubernetes") for folder in _folders(home / kind)]
    return bundled + [_summary(folder, pack.name) for pack in trust.packs() for folder in lab_folders(pack)]


def _labs(entries: list[LabSummary | LabFileError | None]) -> list[LabSummary]:
    found = {entry.folder: entry for entry in entries if isinstance(entry, LabSummary)}
    return sorted(found.values(), key=lambda entry: (entry.pack is not None, entry.pack or "", entry.name))


def _skipped_links() -> list[Mistake]:
    """The links in trusted packs to labs that no trusted pack holds."""
    packs = trust.packs()
    links = [mistake for pack in packs for mistake in linked_labs(pack)]
    return [link for link in links if not any(link.path.resolve().is_relative_to(p) for p in (*packs, BUNDLED_LABS))]


def find(word: str, home: Path = BUNDLED_LABS) -> LabSummary:
    """The lab of this name (`links`, or `linux/links`), or at this path (its folder or its lab.yaml).

    Raises UsageError where there is none, LabFileError where its file has mistakes.
    """
    by_path = Path(word).expanduser()
    if by_path.name == "lab.yaml":
        by_path = by_path.parent
    is_path = (by_path / "lab.yaml").exists()
    if (os.sep not in word or not is_path) and word not in (".", ".."):
        named = [entry for entry in summaries(home) if word in (entry.name, f"{entry.kind}/{entry.name}")]
        if named:
            return named[0]
    if is_path:
        return _at(by_path, home)
    raise _unknown(word, by_path, home)


def _at(folder: Path, home: Path) -> LabSummary:
    place = folder.resolve()
    pack = None if place.is_relative_to(home) else place.parent.name
    from rung.runner.lab.loader import load

    found = _summary(place, pack)
    return found if isinstance(found, LabSummary) else _from_lab(load(folder), pack)


def _unknown(word: str, by_path: Path, home: Path) -> UsageError:
    if by_path.is_dir():
        return UsageError(f"There is no lab.yaml in {word}.", fix="`rung author new` writes a new lab.")
    names = [entry.name for entry in summaries(home)]
    within = [f"`{name}`" for name in names if word and word in name][:3]
    meant = did_you_mean(word, names) or (f"; did you mean {' or '.join(within)}?" if within else "")
    return UsageError(f"There is no lab `{word}`{meant or '.'}", fix="`rung labs` lists them.")


def _folders(parent: Path) -> Iterator[Path]:
    try:
        with os.scandir(parent) as inner:
            yield from (Path(entry.path) for entry in inner if not entry.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return


def _summary(folder: Path, pack: str | None) -> LabSummary | LabFileError | None:
    """The summary of the lab in a folder, from the head of its file if that is enough; its mistakes, if it has some;
    None where the folder has no lab."""
    try:
        content = yaml_tree.content_of(folder / "lab.yaml")
        if content is None:
            return None
        text = content.decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError):
        text = ""  # the loader says what is wrong
    summary = _from_head(folder, text, pack)
    if summary is not None:
        return summary
    from rung.runner.lab.loader import load

    try:
        return _from_lab(load(folder), pack)
    except LabFileError as error:
        return error


def _from_head(folder: Path, text: str, pack: str | None) -> LabSummary | None:
    """The summary from the head of the file, or None where the whole file has to be read."""
    blocks = [block for block in _BLOCK.split(text) if block.partition(":")[0] in _HEAD]
    head = "\n".join(blocks)
    data = None if len(blocks) > len(_HEAD) else yaml_tree.parse(head.encode(), folder).data
    if not isinstance(data, dict) or len(data) != len(blocks):
        return None
    lists = [_words(data.get(key, [])) for key in ("objectives", "skills", "capabilities")]
    objectives, skills, capabilities = lists
    kind, machines = _machines(data.get("environment"))
    title, difficulty, minutes = data.get("title"), data.get("difficulty"), data.get("minutes")
    if not (isinstance(title, str) and difficulty in DIFFICULTIES and type(minutes) is int):
        return None
    if objectives is None or skills is None or capabilities is None or not machines:
        return None
    if any("{{" in text for text in (title, *objectives, *skills, *capabilities)):
        return None
    return LabSummary(
        folder.name, folder, title, difficulty, minutes, objectives, skills, capabilities, machines, kind, pack
    )


def _words(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    return None


def _machines(environment: Any) -> tuple[str, int]:
    """The kind of the environment, and its number of machines or nodes; 0 where the head does not say it."""
    if not isinstance(environment, dict) or not set(environment) <= {"machines", "cluster"}:
        return "linux", 0
    machines, cluster = environment.get("machines") or [], environment.get("cluster")
    if isinstance(cluster, dict) and not machines:
        workers = cluster.get("workers", 0)
        return "kubernetes", 1 + workers if type(workers) is int else 0
    return "linux", len(machines) if isinstance(machines, list) and cluster is None else 0


def _from_lab(lab: Lab, pack: str | None) -> LabSummary:
    return LabSummary(
        name=lab.name,
        folder=lab.folder.resolve(),
        title=lab.title,
        difficulty=lab.difficulty,
        minutes=lab.minutes,
        objectives=tuple(lab.objectives),
        skills=tuple(lab.skills),
        capabilities=tuple(lab.capabilities),
        machines=len(lab.cluster.nodes if lab.cluster else lab.machines),
        kind="kubernetes" if lab.cluster else "linux",
        pack=pack,
    )


def tracks(home: Path = BUNDLED_LABS) -> list[Track]:
    """The tracks of labs/tracks. Raises LabFileError."""
    from rung.runner.catalog.tracks import read_tracks

    return read_tracks(home)


def skills(home: Path = BUNDLED_LABS) -> dict[str, Skill]:
    """The skills of labs/skills.yaml by id. Raises LabFileError."""
    from rung.runner.catalog.tracks import read_skills

    return read_skills(home)
