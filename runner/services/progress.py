"""Where the learner stands, what comes next, and the record behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.services import current
from rung.runner.services.current import Tell, ignore

if TYPE_CHECKING:
    from rung.runner.learning.assessment import Assessment
    from rung.runner.learning.learner import Learner
    from rung.runner.store.files import ForgottenCounts


def known_learner(tell: Tell = ignore) -> Learner:
    """The learner of this data folder; reports where a damaged record was created again."""
    from rung.runner.learning.learner import load_learner

    found = load_learner(current.capabilities)
    if found.damaged is not None:
        tell(f"The record was damaged and was created again from the journals; the old one is at {found.damaged}.")
    return found


def skill_map(learner: Learner, track: str | None) -> str:
    """The skills of a track, or of all tracks, as SVG. Raises UsageError for an unknown track."""
    from rung.runner.render.map import map_of

    return map_of(learner, [learner.track(track)] if track else list(learner.tracks))


def export_record() -> Sequence[str]:
    """The whole record as JSON lines, by docs/progress.schema.json; the first line is the head."""
    from rung.runner.store.store import Store

    with Store.open() as store:
        return list(store.export_lines())


def import_record(file: Path) -> tuple[int, int]:
    """Add the record of another computer; how many attempts and exams are new. Raises UsageError."""
    from rung.runner.store.store import Store

    with Store.open() as store:
        return store.import_file(file)


def delete_record() -> ForgottenCounts:
    """Delete every attempt, check, hint, exam and import; what open exams and running attempts need stays."""
    from rung.runner.core.paths import home
    from rung.runner.store.files import forget

    return forget(home())


def open_assessment(track: str, *, minutes: int | None, new: bool, tell: Tell = ignore) -> Assessment:
    """The assessment of a track that goes on, or a new one of so many minutes. Raises UsageError."""
    from rung.runner.learning.assessment import current_assessment

    learner = known_learner(tell)
    return current_assessment(learner, learner.track(track), minutes=minutes, new=new)


def reread_assessment(assessment: Assessment, tell: Tell = ignore) -> Assessment:
    """The same assessment with what happened since."""
    from rung.runner.learning.assessment import read_assessment

    return read_assessment(assessment.id, known_learner(tell), assessment.track)


def skip_open_lab(assessment: Assessment, tell: Tell = ignore) -> Assessment:
    """Pass over the lab that is open. Raises UsageError where none is."""
    from rung.runner.core.errors import UsageError

    if assessment.open is None:
        raise UsageError(
            "No lab of this assessment is open.", fix=f"`rung assess {assessment.track.id}` proposes the next one."
        )
    assessment.skip()
    return reread_assessment(assessment, tell)
