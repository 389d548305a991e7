"""Composes the paper of an exam from its definition and a seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from rung.runner.catalog import labs as catalog
from rung.runner.catalog import trust
from rung.runner.catalog.labs import LabSummary
from rung.runner.catalog.tracks import Track
from rung.runner.core import seeded_random
from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.drivers.base.plan import Capabilities
from rung.runner.exams.definition import Exam
from rung.runner.exams.draw import DrawCandidate, Drawn, apportioned, draw
from rung.runner.exams.loader import lab_of
from rung.runner.exams.paper import ExamPaper, ExamQuestion
from rung.runner.lab import folder

ELSEWHERE = ""  # the domain of a listed lab that has none in the exam's track


def compose(exam: Exam, seed: int, has: Capabilities, entries: Sequence[LabSummary] | None = None) -> ExamPaper:
    """The paper of an exam for a seed: the same on every computer with the same content.

    has: need -> capability -> why the driver of that need lacks it (None or no entry: it has it); called only for
    labs that name a capability.
    entries: the labs to draw from, by default those that came with Rung and those of the exam's own pack.
    Raises UsageError where not one lab can be drawn, LabFileError.
    """
    track = next((track for track in catalog.tracks() if track.id == exam.track), None)
    if track is None:
        raise UsageError(f"The exam {exam.name} is for the track {exam.track}, which does not exist.")
    pool = list(entries) if entries is not None else _pool(exam)
    if exam.draw is None:
        pool = [lab_of(listed.lab, exam.path) for listed in exam.labs]
        lacking = _lacking(pool, has)
        if len(lacking) == len({entry.name for entry in pool}):
            whys = "; ".join(f"{lab}: {', '.join(why)}" for lab, why in lacking.items())
            raise UsageError(f"Not one lab of {exam.name} can run here. {whys}.", fix="`rung doctor` tells more.")
        kept = [(e, listed.weight) for e, listed in zip(pool, exam.labs, strict=True) if e.name not in lacking]
        chosen, weights = [entry for entry, _ in kept], [weight for _, weight in kept]
        drawn = Drawn(tuple(entry.name for entry in chosen), left_out=lacking)
    else:
        drawn, chosen, weights = _drawn(exam, track, pool, seed, has)
    return _paper(exam, track, seed, drawn, chosen, weights, _content(exam, track, pool))


def _drawn(
    exam: Exam, track: Track, pool: Sequence[LabSummary], seed: int, has: Capabilities
) -> tuple[Drawn, list[LabSummary], list[int]]:
    """A draw, the labs that it chose, and the weight of each.

    A domain's share is divided by the number of questions that the exam asks of it. So a question weighs the same
    where the catalogue has fewer labs of the domain.
    """
    assert exam.draw is not None
    shares = shares_of(exam, track)
    by_name = {entry.name: entry for entry in pool}
    drawn = draw(exam.draw, exam.minutes, shares, list(_candidates(track, by_name.values(), has)), seed)
    if not drawn.labs:
        raise UsageError(
            f"Not one lab of {track.name} can be drawn for {exam.name}.",
            fix=f"`rung labs --track {track.id}` lists them.",
        )
    chosen = [by_name[name] for name in drawn.labs]
    scale = 1_000_000  # so that rounding to whole numbers keeps the proportions
    weights = [scale * shares[d] // drawn.seats[d] for d in (domain_of(track, entry) for entry in chosen)]
    return drawn, chosen, weights


def shares_of(exam: Exam, track: Track) -> dict[str, int]:
    """Domain -> its share of a drawn exam, in the track's order."""
    given: Mapping[str, int] = exam.draw.domains if exam.draw is not None else {}
    if given:
        return {domain.id: given[domain.id] for domain in track.domains if domain.id in given}
    published = {domain.id: domain.weight for domain in track.domains if domain.weight is not None}
    return published or dict.fromkeys((domain.id for domain in track.domains), 1)


def domain_of(track: Track, entry: LabSummary) -> str:
    """The domain of a lab in a track: the domain of its first objective that the track has."""
    domains = {objective.id: domain.id for domain in track.domains for objective in domain.objectives}
    return next((domains[name] for name in entry.objectives if name in domains), ELSEWHERE)


def _candidates(track: Track, entries: Iterable[LabSummary], has: Capabilities) -> Iterable[DrawCandidate]:
    asked = [(entry, domain) for entry in entries if (domain := domain_of(track, entry)) != ELSEWHERE]
    lacking = _lacking([entry for entry, _ in asked], has)
    for entry, domain in asked:
        yield DrawCandidate(entry.name, domain, entry.difficulty, entry.minutes, lacking.get(entry.name, ()))


def _lacking(entries: Iterable[LabSummary], has: Capabilities) -> dict[str, tuple[str, ...]]:
    """Lab that cannot run here -> its missing capabilities, each with the reason."""
    known = cache(has)
    found = {}
    for entry in entries:
        reasons = {name: known(entry.need).get(name) for name in entry.required}
        if missing := tuple(f"{name}: {why}" for name, why in reasons.items() if why is not None):
            found[entry.name] = missing
    return found


def _pool(exam: Exam) -> list[LabSummary]:
    """The labs that came with Rung, and those of the exam's own pack."""
    place = exam.path.resolve()
    own = [pack for pack in trust.packs() if place.is_relative_to(pack.resolve())]
    return [e for e in catalog.summaries() if e.pack is None or any(e.folder.is_relative_to(p.resolve()) for p in own)]


def _paper(
    exam: Exam,
    track: Track,
    seed: int,
    drawn: Drawn,
    chosen: Sequence[LabSummary],
    weights: Sequence[int],
    content: str,
) -> ExamPaper:
    points = apportioned(exam.points, {str(n): weight for n, weight in enumerate(weights, 1)})
    questions = tuple(
        _question(number, entry, domain_of(track, entry), lab_seed(seed, entry.name), points[str(number)])
        for number, entry in enumerate(chosen, 1)
    )
    contents = [[q.lab, q.digest, q.seed, q.points] for q in questions]
    return ExamPaper(
        name=exam.name,
        title=exam.title,
        track=exam.track,
        minutes=exam.minutes,
        points=exam.points,
        pass_mark=exam.pass_mark,
        reboot=exam.reboot,
        seed=seed,
        digest=digest_of([exam.minutes, exam.points, exam.pass_mark, exam.reboot, contents]),
        content=content,
        questions=questions,
        domains={domain.id: domain.name for domain in track.domains},
        shortfalls=drawn.shortfalls,
        left_out=drawn.left_out,
        difficulty=drawn.difficulty,
    )


def lab_seed(seed: int, lab: str) -> int:
    """The seed of a lab's values within an exam, 1 to 999,999."""
    return 1 + seeded_random.number(seed, "values", lab) % 999_999


def _question(number: int, entry: LabSummary, domain: str, seed: int, points: int) -> ExamQuestion:
    return ExamQuestion(
        number=number,
        lab=entry.name,
        path=str(entry.folder.resolve()),
        digest=_lab_digest(entry),
        seed=seed,
        title=entry.title,
        domain=domain,
        difficulty=entry.difficulty,
        minutes=entry.minutes,
        machines=entry.machines,
        points=points,
        where=entry.kind,
    )


# -- digests


def _content(exam: Exam, track: Track, pool: Iterable[LabSummary]) -> str:
    """Digest of everything that a paper is drawn from: the exam, its track's domains, every lab that could be drawn."""
    domains = [[domain.id, domain.weight, [o.id for o in domain.objectives]] for domain in track.domains]
    labs = sorted([entry.name, _lab_digest(entry)] for entry in pool if domain_of(track, entry) or exam.labs)
    return digest_of([exam.model_dump(mode="json"), domains, labs])


def digest_of(data: Any) -> str:
    """SHA-256 (hex) of plain data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _lab_digest(entry: LabSummary) -> str:
    try:
        return folder.digest(entry.folder)
    except folder.FolderMistakes as error:
        raise LabFileError(error.mistakes) from None
