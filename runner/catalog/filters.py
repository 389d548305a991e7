"""Selects labs of the catalogue by track, domain, objective, skill, difficulty or a word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rung.runner.catalog import labs
from rung.runner.catalog.labs import LabSummary
from rung.runner.core.errors import UsageError
from rung.runner.core.text import did_you_mean
from rung.runner.lab.difficulties import DIFFICULTIES

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Domain, Track

MOST_NAMES = 20  # in a message


def select(
    entries: Iterable[LabSummary],
    *,
    word: str | None = None,
    track: str | None = None,
    domain: str | None = None,
    objective: str | None = None,
    skill: str | None = None,
    difficulty: str | None = None,
) -> list[LabSummary]:
    """The entries that match all criteria that are given, in their order.

    `track` and `domain` may be shortened (`rhcsa` for rhcsa10, `users` for rhcsa10.users). A lab exercises
    the skills that it names and those of its objectives. Raises UsageError for a name that does not exist.
    """
    chosen = list(entries)
    if difficulty is not None:
        _require_known("difficulty", difficulty, DIFFICULTIES)
        chosen = [entry for entry in chosen if entry.difficulty == difficulty]
    if track is not None or domain is not None or objective is not None:
        wanted = _objectives(track, domain, objective)
        chosen = [entry for entry in chosen if wanted & set(entry.objectives)]
    if skill is not None:
        chosen = _with_skill(chosen, skill)
    if word is not None:
        chosen = [entry for entry in chosen if _mentions(entry, word.lower())]
    return chosen


def _require_known(what: str, name: str, names: Iterable[str]) -> None:
    listed = list(names)
    if name not in listed:
        meant = did_you_mean(name, listed) or "."
        shown = listed if len(listed) <= MOST_NAMES else [known for known in listed if name in known][:MOST_NAMES]
        fix = f"Known: {', '.join(shown)}." if shown else "labs/tracks and labs/skills.yaml hold them all."
        raise UsageError(f"There is no {what} `{name}`{meant}", fix=fix)


def _mentions(entry: LabSummary, word: str) -> bool:
    return any(word in text.lower() for text in (entry.name, entry.title, *entry.objectives, *entry.skills))


def _objectives(track: str | None, domain: str | None, objective: str | None) -> set[str]:
    tracks = _tracks(labs.tracks(), track)
    domains = _domains([part for entry in tracks for part in entry.domains], domain)
    ids = [item.id for part in domains for item in part.objectives]
    if objective is not None:
        _require_known("objective", objective, ids)
        return {objective}
    return set(ids)


def _tracks(tracks: list[Track], name: str | None) -> list[Track]:
    if name is None:
        return tracks
    matching = [track for track in tracks if track.id == name] or [t for t in tracks if t.id.startswith(name)]
    if not matching:
        _require_known("track", name, [track.id for track in tracks])
    return matching


def _domains(domains: list[Domain], name: str | None) -> list[Domain]:
    if name is None:
        return domains
    matching = [part for part in domains if name in (part.id, part.id.rpartition(".")[2])]
    if not matching:
        _require_known("domain", name, [part.id for part in domains])
    return matching


def _with_skill(entries: list[LabSummary], skill: str) -> list[LabSummary]:
    _require_known("skill", skill, labs.skills())
    training = {o.id for track in labs.tracks() for o in track.objectives() if skill in o.skills}
    return [entry for entry in entries if skill in entry.skills or training & set(entry.objectives)]
