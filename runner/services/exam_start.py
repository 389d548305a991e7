"""Start an exam, go on with the open one, or end one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.core.locks import file_lock
from rung.runner.core.progress import Progress, silent
from rung.runner.exams import paths, supervisor
from rung.runner.exams.clock import moment, utc
from rung.runner.exams.machines import ExamMachines
from rung.runner.exams.paper import remarks, with_attempts
from rung.runner.exams.session import ExamSession, Mode
from rung.runner.services import current
from rung.runner.services.exam_serve import ensure_served

if TYPE_CHECKING:
    from rung.runner.exams.paper import ExamQuestion

_DRAW_SECONDS = 30.0  # seconds that another process may take to draw an exam


@dataclass(frozen=True)
class ExamRequest:
    """An exam to take, with the options for it."""

    name: str | None = None  # name or file of the exam; None: the open one
    seed: int | None = None  # draws the questions; None: a random one
    practice: bool = False  # without a clock; checks, hints and solutions are allowed
    minutes: int | None = None  # instead of the exam's own time; gives a practice a clock
    candidate: str = ""  # a name, for the report


@dataclass(frozen=True)
class DrawnExam:
    """A session whose questions are drawn."""

    session: ExamSession
    about: str  # description from the exam's file; empty for a session that was open before
    remarks: Sequence[str]  # where the draw falls short of what the exam asks for
    new: bool  # False: the session was open before


@dataclass(frozen=True)
class ResumedExam:
    """A running session that the candidate goes on with."""

    session: ExamSession
    granted: float | None  # seconds given back; None: `grant` was not set


def open_session() -> ExamSession | None:
    """The session that is neither submitted nor ended; None where there is none."""
    sessions = [session for session in ExamSession.all() if session.open]
    return sessions[-1] if sessions else None


def draw_exam(request: ExamRequest) -> DrawnExam:
    """Draw the questions of an exam and record its session; if one is open already, return that one.

    A lock makes sure that two processes do not both draw one. Raises EngineGone where no engine answers; UsageError
    where there is no such exam, nothing can be drawn, or a lab is not trusted; LabFileError; EnvironmentBroken where
    another process takes too long.
    """
    current.attempts(preload=True)
    with file_lock(paths.folder() / "start.lock", _DRAW_SECONDS) as acquired:
        session = open_session()
        if session is not None:
            return DrawnExam(session, "", (), new=False)
        if not acquired:
            raise EnvironmentBroken("Another `rung` command is drawing an exam.", fix="`rung exam start` tries again.")
        return _draw(request)


def _draw(request: ExamRequest) -> DrawnExam:
    from rung.runner.attempts.attempts import new_id, new_seed
    from rung.runner.catalog import trust
    from rung.runner.exams import loader
    from rung.runner.exams.cluster_sharing import shares
    from rung.runner.exams.compose import compose

    if request.name is None:
        names = ", ".join(path.stem for path in loader.paths())
        raise UsageError("No exam is named, and none is open.", fix=f"`rung exam start EXAM` starts one of: {names}.")
    exam = loader.find(request.name)
    paper = compose(exam, new_seed() if request.seed is None else request.seed, current.capabilities)
    labs = {question.number: question.load() for question in paper.questions}
    for lab in labs.values():
        trust.require(lab.folder)
    minutes = request.minutes or (None if request.practice else paper.minutes)
    mode: Mode = "practice" if request.practice else "exam"
    placed = with_attempts(paper, new_id, shares(labs))
    session = ExamSession.begin(placed, mode, minutes=minutes, candidate=request.candidate)
    return DrawnExam(session, exam.about, remarks(paper), new=True)


def create_first_machines(session: ExamSession, progress: Progress = silent) -> None:
    """Create the machines of the first question, and of the first question with each further image.

    So all images are built before the clock starts; the supervisor creates the other machines. Raises
    EnvironmentBroken, UsageError, LabFileError.
    """
    machines = ExamMachines(session.id, current.attempts())
    for question in _first_of_each_image(session.paper.questions):
        machines.prepare(question, progress)


def _first_of_each_image(questions: Sequence[ExamQuestion]) -> list[ExamQuestion]:
    chosen: list[ExamQuestion] = []
    seen: set[str] = set()
    for question in questions:
        images = set(question.load().images)
        if not chosen or images - seen:
            chosen.append(question)
        seen |= images
    return chosen


def start_clock(session: ExamSession) -> ExamSession:
    """Start the clock and the supervisor of a drawn session; the session as it is then."""
    paper, minutes = session.paper, session.minutes
    deadline = None if minutes is None else utc(moment().wall + 60 * minutes)
    session.append("started", name=paper.name, title=paper.title, track=paper.track, mode=session.mode, seed=paper.seed,
                   digest=paper.digest, minutes=minutes, deadline=deadline)  # fmt: skip
    supervisor.launch(session.id)
    return session.again()


def ignored_options(session: ExamSession, request: ExamRequest) -> list[str]:
    """Options in the request that an open session ignores, as on the command line (`--minutes`).

    Raises UsageError where the request names another exam or seed.
    """
    name, seed = session.paper.name, session.paper.seed
    wanted = request.name.rpartition("/")[2].removesuffix(".yaml") if request.name else name
    if wanted != name or request.seed not in (None, seed):
        raise UsageError(
            f"The exam {name} (seed {seed}) is open, and one is taken at a time.",
            fix="`rung exam start` goes on with it, `rung exam submit` submits it, `rung exam stop` ends it.",
        )
    differs = {
        "--practice": request.practice and session.mode != "practice",
        "--minutes": request.minutes not in (None, session.minutes),
        "--candidate": request.candidate not in ("", session.candidate),
    }
    return [option for option, ignored in differs.items() if ignored]


def resume_exam(session: ExamSession, *, grant: bool = False) -> ResumedExam:
    """Go on with a session whose clock runs; `grant`: give back the time that was lost to crashes.

    Raises EnvironmentBroken.
    """
    session = ensure_served(session)
    if not grant:
        return ResumedExam(session, None)
    return _grant(session)


def _grant(session: ExamSession) -> ResumedExam:
    """Give back all lost time; if that makes an exam run again whose time was up, its machines are resumed."""
    lost = session.grantable
    if not lost:
        return ResumedExam(session, 0.0)
    seconds = round(sum(entry["seconds"] for entry in lost), 1)
    # One event: if the process were killed between two, the exam would run, but not be paused at its new end.
    resumed = session.paused_at_deadline and session.left is not None and session.left + seconds > 0
    session.append("granted", seconds=seconds, since=[entry["since"] for entry in lost],
                   why=[entry["why"] for entry in lost], resumed=resumed)  # fmt: skip
    session = session.again()
    if resumed:
        numbers = [question.number for question in session.paper.questions]
        ExamMachines(session.id, current.attempts()).resume_all(numbers)
    return ResumedExam(ensure_served(session.again()), seconds)


def session_to_end(exam: str | None) -> ExamSession:
    """The session with this id; None: the open one, or else the newest. Raises UsageError where there is none."""
    return ExamSession.find(exam)


def end_exam(session: ExamSession, progress: Progress = silent) -> None:
    """Remove a session's machines; one that is not submitted ends without a result. Raises EnvironmentBroken."""
    # Recorded first, so that the supervisor creates no more machines.
    if session.phase != "ended":
        session.append("ended", submitted=not session.open)
    machines = ExamMachines(session.id, current.attempts())
    for number, attempt in sorted(machines.found().items()):
        progress("remove", f"question {number}")
        attempt.stop()
