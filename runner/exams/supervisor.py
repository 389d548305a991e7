"""The supervisor: a process that creates an exam's machines ahead and pauses them when the time is up.

A lock allows one for each exam. If it is killed, the next `rung exam` command starts another.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rung.runner.attempts.attempts import Attempts
from rung.runner.core.background import launch_rung
from rung.runner.core.errors import EngineGone, EnvironmentBroken, RungError
from rung.runner.core.locks import file_lock, is_locked
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.engine.host import available_memory
from rung.runner.exams import paths
from rung.runner.exams.clock import BEAT, utc
from rung.runner.exams.cluster_uses import cluster_uses
from rung.runner.exams.deadline import lateness, pause_exam
from rung.runner.exams.heartbeat import beat
from rung.runner.exams.idle_policy import RESERVE, ClusterUse, needed, resting, to_halt
from rung.runner.exams.machines import WHOLE, ExamMachines, lock_of
from rung.runner.exams.paper import ExamQuestion
from rung.runner.exams.session import ExamSession

TICK = 1.0  # seconds between two looks at the clock
LONGEST_PAUSE = 10.0  # seconds between two tries while the engine does not answer
TRIES = 2  # failed starts of one question's machines after which it is left to the candidate who opens it
_LOCK = "keeper"
_JOIN = 60.0  # seconds to wait for a start that is under way, so that it cleans up


def launch(exam: str) -> None:
    """Start the exam's supervisor in the background, unless one runs; it outlives this process."""
    if is_locked(paths.lock(exam, _LOCK)):
        return
    with paths.log(exam).open("ab") as log:
        launch_rung("exam", "keep", exam, output=log)


class _Stopped(BaseException):
    """The exam has ended, so the machines that are being created are not needed any more."""


@dataclass
class ExamSupervisor:
    """One exam's supervisor; `connect` returns the drivers, or raises EngineGone."""

    exam: str
    connect: Callable[[], Drivers]
    say: Callable[[str], None] = lambda text: _print(text)  # writes a line to the log
    machines: ExamMachines | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    worker: threading.Thread | None = None
    silent_since: float | None = None  # when the engine was first found not to answer
    last_look: float = 0.0  # when the engine was last asked (time.monotonic)
    failures: int = 0  # how often in a row the engine did not answer
    late: float | None = None  # seconds after the deadline at which the first pause request was sent

    def serve(self) -> bool:
        """Serve the exam until it is submitted or its time is up; False at once where another supervisor serves it."""
        while True:
            with file_lock(paths.lock(self.exam, _LOCK)) as acquired:
                if not acquired:
                    return False
                self._serve_locked()
            # While this process held the lock, a grant of time could not start another supervisor.
            with self._errors_logged():
                if ExamSession.read(self.exam).phase in ("drawn", "running"):
                    continue
            return True

    def _serve_locked(self) -> None:
        """Serve the exam, with the lock held, until there is nothing more to do."""
        self._log(f"supervisor {os.getpid()} begins")
        self.stop.clear()
        try:
            more = True
            while more:
                with self._errors_logged():
                    more = self._step()
                time.sleep(self._pause() if more else 0.0)
        finally:
            self._give_up()
        self._log(f"supervisor {os.getpid()} ends")

    def _pause(self) -> float:
        """Seconds until the next step: at most until the deadline, and longer each time the engine does not answer."""
        left = None
        with self._errors_logged():
            session = ExamSession.read(self.exam)
            left = session.left if session.known else None
        if left is not None and left <= 0:
            return min(TICK * 2.0**self.failures, LONGEST_PAUSE)
        pause = min(TICK * 2.0**self.failures, max(TICK, BEAT))  # a sign of life is due every BEAT
        return pause if left is None else min(pause, left + 0.01)

    def _step(self) -> bool:
        """Do what is due now; return whether there is more to do later."""
        session = ExamSession.read(self.exam)
        if not session.known:
            self._log("the exam's journal is gone")
            return False
        if session.phase == "over":
            return not self._time_is_up()
        if session.phase not in ("drawn", "running"):
            return False
        self.late = None  # after a grant of time there is another deadline
        if time.monotonic() - self.last_look >= BEAT or self.machines is None:
            self.last_look = time.monotonic()
            beat(self.exam)
            self._ask_engine()
            if self.machines is not None and self._is_idle():
                with self._errors_logged():
                    self._pause_idle(self.machines, session)
        if self.machines is not None and self._is_idle():
            with self._errors_logged():
                self._create_next(self.machines, session)
        return True

    # -- the deadline

    def _time_is_up(self) -> bool:
        """Pause every machine; return whether that is done and recorded.

        The thread that creates machines ends by itself, because `_progress` sees that the time is up. `stop` is not
        set: a grant of time may make the exam run again.
        """
        with self._errors_logged():  # on a full disk the time without an engine cannot be recorded
            self._ask_engine()
        if self.machines is None:
            return False
        first = lateness(ExamSession.read(self.exam)) if self.late is None else self.late
        try:
            done = pause_exam(self.machines, self.late)
        except EngineGone as error:
            self._log(str(error))
            self.machines = None
            return False
        except EnvironmentBroken as error:
            self._log(f"the pause is not recorded yet: {error}")
            if not self.machines.awake():  # they are paused now, whenever it is recorded
                self.late = first
            self.failures += 1
            return False
        return done

    def _give_up(self) -> None:
        """End the thread that creates machines, and wait until it has removed what is half made."""
        self.stop.set()
        if self.worker is not None:
            self.worker.join(_JOIN)

    # -- the engine

    def _ask_engine(self) -> None:
        """Find out whether the engine answers; once it answers again, record for how long it did not."""
        try:
            if self.machines is None:
                self.machines = ExamMachines(self.exam, Attempts(self.connect()))
            self.machines.attempts.driver.attempts()
        except EngineGone:
            self.machines = None
            self.failures += 1
            self.silent_since = self.silent_since or time.monotonic()
            return
        self.failures = 0
        if self.silent_since is not None:
            seconds = time.monotonic() - self.silent_since
            if seconds > BEAT:
                ExamSession.read(self.exam).append(
                    "down", why="engine", seconds=round(seconds, 1), since=round(time.time() - seconds, 1)
                )
            self.silent_since = None  # last, so that an error above leaves it to be recorded later

    # -- creating machines ahead

    def _is_idle(self) -> bool:
        """Whether no machines are being created."""
        return self.worker is None or not self.worker.is_alive()

    def _create_next(self, machines: ExamMachines, session: ExamSession) -> None:
        """Start to create the next question's machines in a thread, where memory allows it."""
        question = next(iter(_to_create(session)), None)
        if question is None or not self._has_memory(machines, session, question):
            return
        self.worker = threading.Thread(target=self._create, args=(machines, question), daemon=True)
        self.worker.start()

    def _create(self, machines: ExamMachines, question: ExamQuestion) -> None:
        with self._errors_logged(), contextlib.suppress(_Stopped):
            machines.prepare(question, self._progress)
            self._log(f"question {question.number} is ready")

    def _progress(self, step: str, what: str) -> None:
        """Raise _Stopped where the exam has ended meanwhile."""
        del step, what
        if self.stop.is_set() or ExamSession.read(self.exam).phase not in ("drawn", "running"):
            raise _Stopped

    def _has_memory(self, machines: ExamMachines, session: ExamSession, question: ExamQuestion) -> bool:
        """Whether memory allows one more question's machines; where it does not, stop an unopened cluster for them."""
        free = available_memory()
        shared = question.share and any(
            q.share == question.share and q.number in session.numbers("prepared") for q in session.paper.questions
        )
        cluster = question.where == "kubernetes" and not shared
        if free is None or free - needed(question.machines, cluster=cluster) > RESERVE:
            return True
        if (unopened := to_halt(cluster_uses(machines, session))) is None:
            return False
        self._log(f"memory is short: questions {unopened.numbers} are stopped until they are opened")
        self._act(machines, session, unopened, "halt")
        return True

    def _pause_idle(self, machines: ExamMachines, session: ExamSession) -> None:
        """Pause the clusters that nobody uses."""
        for cluster, act in resting(cluster_uses(machines, session), max(2, os.cpu_count() or 1)):
            self._act(machines, session, cluster, act)

    def _act(self, machines: ExamMachines, session: ExamSession, cluster: ClusterUse, act: str) -> None:
        """Pause or stop (`halt`) a cluster, unless somebody is opening it."""
        with file_lock(lock_of(self.exam, session.paper.question(cluster.numbers[0]))) as acquired:
            session = session.again()
            if not acquired or session.inside() & set(cluster.numbers):
                return
            found = machines.found()
            for number in cluster.numbers:
                if number in found and found[number].state in WHOLE:
                    found[number].halt() if act == "halt" else found[number].pause()

    def _log(self, text: str) -> None:
        self.say(f"{utc(time.time())} {text}")

    @contextlib.contextmanager
    def _errors_logged(self) -> Iterator[None]:
        """Write any error to the log, so that it does not end the supervisor."""
        try:
            yield
        except RungError as error:
            self._log(str(error))
        except Exception as error:
            self._log(f"{type(error).__name__}: {error}")


def _print(text: str) -> None:
    """Write a line to the supervisor's log; a full disk must not end the supervisor."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _to_create(session: ExamSession) -> list[ExamQuestion]:
    """The questions whose machines are still to be created, in order; those that failed TRIES times are left out."""
    done, failed = session.numbers("prepared"), session.numbers("unprepared")
    return [q for q in session.paper.questions if q.number not in done and failed.count(q.number) < TRIES]
