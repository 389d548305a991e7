"""The JSON Schema of what `rung exam report --format json` prints, for those who write scripts against it.

`python -m rung.runner.exams.result_schema` writes it to docs/exam-report.schema.json; with `--check` it compares.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rung.runner.exams import result_format as form
from rung.runner.grading import report_schema
from rung.runner.grading.report import CheckJson, LiveJson
from rung.runner.grading.report_schema import kept, mapping

FILE = report_schema.FILE.with_name("exam-report.schema.json")
COMMAND = "python -m rung.runner.exams.result_schema"

# What each key means; a key without an entry here is an error.
MEANINGS = {
    "ExamReportJson": "One exam that was submitted and graded: what `rung exam report --format json` prints.",
    "ExamReportJson.exam": "The id of this session.",
    "ExamReportJson.name": "The name of the exam's file.",
    "ExamReportJson.title": "The exam's title.",
    "ExamReportJson.track": "The id of its track.",
    "ExamReportJson.candidate": "Who sat it, as `rung exam start --candidate` said; else empty.",
    "ExamReportJson.mode": "`exam`: against the clock and sealed; `practice`: open.",
    "ExamReportJson.seed": "The number that the questions were drawn by: with the same content it gives the same exam.",
    "ExamReportJson.digest": "SHA-256 of the questions: labs, their files, seeds and points.",
    "ExamReportJson.content": "SHA-256 of all that they were drawn from: the exam's file, the track, every lab.",
    "ExamReportJson.versions": "What it was made and graded by.",
    "ExamReportJson.started": "When the clock began, UTC.",
    "ExamReportJson.submitted": "When it was submitted, UTC.",
    "ExamReportJson.minutes": "How long it might take; null without a clock.",
    "ExamReportJson.granted_minutes": "How much of that was given back for time that was lost.",
    "ExamReportJson.late_minutes": "How long after the deadline the state was seen that is graded; 0: in time.",
    "ExamReportJson.in_time": "Whether the state that is graded is that of the deadline or from before it.",
    "ExamReportJson.score": "Points earned, in hundredths, rounded downwards.",
    "ExamReportJson.points": "Points that could be had; those of what Rung could not ask are taken out.",
    "ExamReportJson.pass_mark": "Points it takes to pass, of those that could be had.",
    "ExamReportJson.passed": "Whether the pass mark was reached.",
    "ExamReportJson.taken_out": "Points that were taken out because Rung could not ask.",
    "ExamReportJson.domains": "The domains of the track that had questions, in its order.",
    "ExamReportJson.questions": "The questions, by number.",
    "ExamReportJson.remarks": "What could not be drawn as the exam's file asks for it, as sentences.",
    "ExamReportJson.downs": "Times in which Rung, the engine or the computer was down.",
    "DomainJson": "One domain.",
    "DomainJson.id": "Its id; empty for what is beyond the track.",
    "DomainJson.name": "Its name.",
    "DomainJson.score": "Points of the exam that its questions earned.",
    "DomainJson.points": "Points of the exam that its questions could earn.",
    "QuestionJson": "One question: a lab, all of it.",
    "QuestionJson.number": "Its number, from 1.",
    "QuestionJson.lab": "The lab's name.",
    "QuestionJson.title": "The lab's title.",
    "QuestionJson.domain": "The id of the domain that it counts for.",
    "QuestionJson.difficulty": "The lab's difficulty: easy, medium or hard.",
    "QuestionJson.attempt": "The id of the attempt on it, whose journal has its reports.",
    "QuestionJson.seed": "The number that the lab's values were drawn by.",
    "QuestionJson.digest": "SHA-256 of the lab's files.",
    "QuestionJson.values": "The values that were drawn.",
    "QuestionJson.weight": "Its points in the exam as they were told.",
    "QuestionJson.score": "Points of the exam that it earned.",
    "QuestionJson.points": "Points of the exam that it could earn; what could not be asked is taken out.",
    "QuestionJson.opened": "Whether it was opened at all.",
    "QuestionJson.seconds": "For how long a shell of it was open.",
    "QuestionJson.flagged": "Whether it bore a flag at the end.",
    "QuestionJson.note": "The candidate's note on it.",
    "QuestionJson.error": "Why all of it could not be graded, if so; it counts neither way then.",
    "QuestionJson.restarted": "Machines that were restarted before the score was taken.",
    "QuestionJson.intro": "The situation, before its tasks.",
    "QuestionJson.docs": "Pages worth reading.",
    "QuestionJson.solution": "One right way.",
    "QuestionJson.tasks": "Its tasks, in the lab's order.",
    "ExamTaskJson": "One task of a question; its points are the lab's, not the exam's.",
    "ExamTaskJson.id": "Its id, unique in the lab.",
    "ExamTaskJson.text": "What there was to do.",
    "ExamTaskJson.score": "Its points, less those of guards that fail, never below 0.",
    "ExamTaskJson.points": "The most that it is worth; broken checks and guards do not count.",
    "ExamTaskJson.checks": "Its checks, in the lab's order, those of checks.py last.",
    "DownJson": "One time that was lost.",
    "DownJson.why": "computer: it was off; engine: it did not answer; rung: none of its processes lived.",
    "DownJson.seconds": "How long.",
    "DownJson.since": "When it began, in seconds since 1970.",
    "DownJson.granted": "Whether it was given back.",
    "VersionsJson": "What an exam was made and graded by.",
    "VersionsJson.rung": "Rung's version.",
    "VersionsJson.python": "Python's version.",
    "VersionsJson.images": "Image -> its tag, which is a digest of its description.",
}


def results_schema() -> dict[str, Any]:
    """The schema, each part with its meaning; checks are as in `rung check --json`."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    own = {
        kind.__name__: mapping(kind, MEANINGS)
        for kind in (form.DomainJson, form.QuestionJson, form.ExamTaskJson, form.DownJson, form.VersionsJson)
    }
    checks = {kind.__name__: mapping(kind, report_schema.MEANINGS) for kind in (CheckJson, LiveJson)}
    return {**head, **mapping(form.ExamReportJson, MEANINGS), "$defs": {**own, **checks}}


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(results_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(kept(sys.argv[1:], FILE, text(), COMMAND))
