"""The learner's skills, assessments, and the record that they come from."""

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
    """The learner of this data folder; tells if the record was damaged and had to be created again."""
    from rung.runner.learning.learner import load_learner

    found = load_learner(current.capabilities)
    if found.damaged is not None:
        tell(f"The record was damaged and was created again from the journals; the old one is at {found.damaged}.")
    return found


def skill_map(learner: Learner, track: str | None) -> str:
    """The skills of a track (None: of all tracks) as SVG. Raises UsageError for an unknown track."""
    from rung.runner.render.map import map_of

    return map_of(learner, [learner.track(track)] if track else list(learner.tracks))


def export_record() -> Sequence[str]:
    """The whole record as lines of JSON, the head first; docs/progress.schema.json describes them."""
    from rung.runner.store.store import Store

    with Store.open() as store:
        return list(store.export_lines())


def import_record(file: Path) -> tuple[int, int]:
    """Add the record of another computer, as `export_record` wrote it; the numbers of new attempts and new exams.

    Raises UsageError where the file cannot be read or is no such record.
    """
    from rung.runner.store.store import Store

    with Store.open() as store:
        return store.import_file(file)


def delete_record() -> ForgottenCounts:
    """Delete attempts, checks, hints, exams and imports, but for what open exams and running attempts need."""
    from rung.runner.core.paths import home
    from rung.runner.store.files import forget

    return forget(home())


def open_assessment(track: str, *, minutes: int | None, new: bool, tell: Tell = ignore) -> Assessment:
    """The unfinished assessment of a track, or a new one where there is none or `new` is set.

    minutes: how long a new one may take; None: the default. Raises UsageError for an unknown track.
    """
    from rung.runner.learning.assessment import current_assessment

    learner = known_learner(tell)
    return current_assessment(learner, learner.track(track), minutes=minutes, new=new)


def reread_assessment(assessment: Assessment, tell: Tell = ignore) -> Assessment:
    """The same assessment, read again."""
    from rung.runner.learning.assessment import read_assessment

    return read_assessment(assessment.id, known_learner(tell), assessment.track)


def skip_open_lab(assessment: Assessment, tell: Tell = ignore) -> Assessment:
    """Skip the open lab of an assessment. Raises UsageError where none is open."""
    from rung.runner.core.errors import UsageError

    if assessment.open is None:
        raise UsageError(
            "No lab of this assessment is open.", fix=f"`rung assess {assessment.track.id}` proposes the next one."
        )
    assessment.skip()
    return reread_assessment(assessment, tell)
