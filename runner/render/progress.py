"""The page of `rung progress`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rung.runner.learning.readiness import CERTAINTY, STATE_WORDS, Prediction, state_word
from rung.runner.learning.skill_state import SkillState
from rung.runner.render.page import Page, Piece, count

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Track
    from rung.runner.learning.learner import Learner
    from rung.runner.learning.readiness import DomainReadiness, Readiness
    from rung.runner.store.records import ExamRecord

_HEADS = {SkillState.NEVER.value: "NEVER", "beyond reach": "BEYOND"}
_WORDS = {
    SkillState.AGAIN.value: "to do again",
    "no lab": "without a lab yet",
    "beyond reach": "beyond reach of this computer",
}


def progress_page(learner: Learner, tracks: Sequence[Track]) -> Page:
    """For each track: the skills by state, the predicted score, and its domains, the weakest first."""
    page = Page()
    for track in tracks:
        _track(page, learner.readiness(track), known=_has_tries(learner, track))
        _exams(page, [exam for exam in learner.exams if exam.track == track.id])
        page.line()
    return page.line(("rung next", "command"), " proposes labs; docs/progress.md explains the words.")


def _has_tries(learner: Learner, track: Track) -> bool:
    """Whether the learner has tried a skill that the track asks for."""
    asked = {skill for objective in track.objectives() for skill in objective.skills}
    return any(asked & set(attempt.skills) for attempt in learner.tries)


def _track(page: Page, ready: Readiness, *, known: bool) -> None:
    page.line((ready.name, "title"), (f"  {ready.track}", "dim"))
    page.line(_counted(ready.counts))
    if known:
        page.line("Predicted: ", (share(ready.predicted.mean), "strong"), f" of the points, {_range(ready.predicted)}.",
                  (f" To pass: {ready.pass_mark}." if ready.pass_mark else "", "dim"))  # fmt: skip
    else:
        page.line("Nothing is known yet. ", (f"rung assess {ready.track}", "command"),
                  " finds out in about half an hour where you stand.")  # fmt: skip
    page.line()
    words = [word for word in STATE_WORDS if any(domain.counts.get(word) for domain in ready.domains)]
    head = ("DOMAIN, WEAKEST FIRST", "WEIGHT", *(_HEADS.get(word, word.upper()) for word in words))
    rows = [_row(domain, words, known=known) for domain in ready.domains]
    page.table((*head, "PREDICTED") if known else head, rows)
    if not any(domain.published for domain in ready.domains):
        page.line(("The exam publishes no weights: these follow the number of objectives.", "dim"))


def _counted(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    held = counts.get(SkillState.HELD.value, 0)
    parts = [f"{held} of {count(total, 'skill')} held ({share(held / total if total else 0)})"]
    parts += [f"{number} {_WORDS.get(word, word)}" for word, number in counts.items() if word != SkillState.HELD.value]
    return ", ".join(parts) + "."


def _range(predicted: Prediction) -> str:
    odds = {0.8: "four chances in five"}[CERTAINTY]
    return f"with {odds} between {predicted.low:.0%} and {predicted.high:.0%}".replace("%", "").rstrip() + " %"


def _row(domain: DomainReadiness, words: Sequence[str], *, known: bool) -> tuple[Piece, ...]:
    weight = share(domain.weight) if domain.weight else "not asked"
    cells = [str(domain.counts.get(word) or "-") for word in words]
    predicted = domain.predicted
    prediction = f"{share(predicted.mean)} ({predicted.low * 100:.0f} to {predicted.high * 100:.0f})"
    return (domain.name, weight, *cells, *([prediction] if known else []))


def _exams(page: Page, exams: Sequence[ExamRecord]) -> None:
    for exam in exams[-3:]:
        result = "passed" if exam.passed else f"{exam.pass_mark:g} were needed"
        page.line(
            f"Exam {exam.name}, {exam.at.astimezone():%Y-%m-%d}: {exam.score:g} of {exam.points:g} points, {result}."
        )


def share(value: float) -> str:
    """A share (0 to 1) in per cent: `20 %`."""
    return f"{value * 100:.0f} %"


def progress_data(learner: Learner, tracks: Sequence[Track]) -> dict[str, Any]:
    """The page's content for `--json`, with each skill."""
    return {
        "tracks": [_track_data(learner.readiness(track)) for track in tracks],
        "skills": _skills_data(learner),
        "exams": [
            {
                "id": exam.id,
                "name": exam.name,
                "track": exam.track,
                "at": exam.at.isoformat(),
                "score": exam.score,
                "points": exam.points,
                "pass_mark": exam.pass_mark,
                "passed": exam.passed,
            }
            for exam in learner.exams
        ],
    }


def _track_data(ready: Readiness) -> dict[str, Any]:
    return {
        "id": ready.track,
        "name": ready.name,
        "pass_mark": ready.pass_mark,
        "ready": round(ready.ready, 4),
        "predicted": _predicted_data(ready.predicted),
        "skills": dict(ready.counts),
        "domains": [
            {
                "id": domain.id,
                "name": domain.name,
                "weight": round(domain.weight, 4),
                "weight_published": domain.published,
                "ready": round(domain.ready, 4),
                "predicted": _predicted_data(domain.predicted),
                "skills": dict(domain.counts),
            }
            for domain in ready.domains
        ],
    }


def _predicted_data(predicted: Prediction) -> dict[str, float]:
    values = {"mean": predicted.mean, "low": predicted.low, "high": predicted.high, "certainty": CERTAINTY}
    return {name: round(value, 4) for name, value in values.items()}


def _skills_data(learner: Learner) -> list[dict[str, Any]]:
    return [
        {
            "id": skill,
            "title": learner.graph.title(skill),
            "state": state_word(standing, learner.reach.get(skill, "no lab")),
            "shown": len(standing.shown),
            "falls": len(standing.falls),
            "last": standing.last.at.isoformat() if standing.last else None,
            "half_life_days": round(standing.half_life, 2),
            "recall": round(standing.recall, 4),
        }
        for skill, standing in learner.standings.items()
    ]
