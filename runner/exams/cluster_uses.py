"""How the clusters of an exam are used at the moment, for the policy that pauses idle ones."""

from __future__ import annotations

from rung.runner.exams.idle_policy import ClusterUse, State
from rung.runner.exams.machines import WHOLE, ExamMachines
from rung.runner.exams.session import ExamSession


def cluster_uses(machines: ExamMachines, session: ExamSession) -> list[ClusterUse]:
    """The clusters of the exam as they are now."""
    found = {n: a for n, a in machines.found().items() if a.state in WHOLE}
    groups: dict[str, list[int]] = {}
    for question in session.paper.questions:
        if question.number in found and question.where == "kubernetes":
            groups.setdefault(question.share or str(question.number), []).append(question.number)
    opened, inside = set(session.numbers("opened")), session.inside()
    return [
        ClusterUse(
            tuple(numbers),
            _state([found[n].state for n in numbers]),
            opened=bool(opened & set(numbers)),
            inside=bool(inside & set(numbers)),
            idle=min(session.idle(n) for n in numbers),
        )
        for numbers in groups.values()
    ]


def _state(states: list[str]) -> State:
    """The state of a cluster from its attempts' states: it runs if any of them is ready."""
    if "ready" in states:
        return "running"
    return "paused" if "paused" in states else "stopped"
