"""The JSON Schema of what `rung exam report --format json` prints, for those who write scripts against it.

`python -m rung.runner.exams.result_schema` writes it to docs/exam-report.schema.json; with `--check` it compares.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rung.runner.core.generated_file import write_or_check
from rung.runner.exams import result_format as form
from rung.runner.grading import report_schema
from rung.runner.grading.report import CheckJson, LiveJson
from rung.runner.grading.report_schema import mapping

FILE = report_schema.FILE.with_name("exam-report.schema.json")
COMMAND = "python -m rung.runner.exams.result_schema"

# What each key means; a key without an entry here is an error.
MEANINGS = {
    "ExamReportJson": "One exam that was submitted and graded: what `rung exam report --format json` prints.",
    "ExamReportJson.exam": "The id of the session.",
    "ExamReportJson.name": "The name of the exam's file.",
    "ExamReportJson.title": "The exam's title.",
    "ExamReportJson.track": "The id of the exam's track.",
    "ExamReportJson.candidate": "The candidate's name, as `rung exam start --candidate` gave it; empty without one.",
    "ExamReportJson.mode": "`exam`: with a clock, checks and solutions "
    "sealed until the submission; `practice`: nothing is sealed.",
    "ExamReportJson.seed": "The number that drew the questions; the same "
    "number and the same content give the same exam.",
    "ExamReportJson.digest": "SHA-256 of the questions: labs, their files, seeds and points.",
    "ExamReportJson.content": "SHA-256 of everything that the questions were drawn "
    "from: the exam's file, the track, every lab.",
    "ExamReportJson.versions": "The versions that made and graded the exam.",
    "ExamReportJson.started": "The time when the clock started, in UTC.",
    "ExamReportJson.submitted": "The time of the submission, in UTC.",
    "ExamReportJson.minutes": "The time allowed, in minutes; null without a clock.",
    "ExamReportJson.granted_minutes": "Minutes that were added for lost time.",
    "ExamReportJson.late_minutes": "Minutes from the deadline to the state that was graded; 0: in time.",
    "ExamReportJson.in_time": "Whether the state that was graded is from before the deadline, or at most 20 s later.",
    "ExamReportJson.score": "The points earned, rounded down to hundredths.",
    "ExamReportJson.points": "The points that could be earned; those of questions "
    "and checks that Rung could not grade are left out.",
    "ExamReportJson.pass_mark": "The points needed to pass, in proportion to `points`.",
    "ExamReportJson.passed": "Whether the candidate passed.",
    "ExamReportJson.taken_out": "The points of questions and checks that Rung could not grade.",
    "ExamReportJson.domains": "The domains of the track that had questions, in the track's order.",
    "ExamReportJson.questions": "The questions, by number.",
    "ExamReportJson.remarks": "Sentences about the draw and the grading that differ from what the exam asks for.",
    "ExamReportJson.downs": "The times in which Rung, the engine or the computer was down.",
    "DomainJson": "One domain.",
    "DomainJson.id": "The domain's id; empty for labs outside the track.",
    "DomainJson.name": "The domain's name.",
    "DomainJson.score": "The points of the exam that its questions earned.",
    "DomainJson.points": "The points of the exam that its questions could earn.",
    "QuestionJson": "One question: a whole lab.",
    "QuestionJson.number": "The question's number, from 1.",
    "QuestionJson.lab": "The lab's name.",
    "QuestionJson.title": "The lab's title.",
    "QuestionJson.domain": "The id of the domain that the question counts for.",
    "QuestionJson.difficulty": "The lab's difficulty: easy, medium or hard.",
    "QuestionJson.attempt": "The id of the attempt, whose journal holds its reports.",
    "QuestionJson.seed": "The number that drew the lab's values.",
    "QuestionJson.digest": "SHA-256 of the lab's files.",
    "QuestionJson.values": "The drawn values.",
    "QuestionJson.weight": "The question's points in the exam, before anything was left out.",
    "QuestionJson.score": "The points of the exam that the question earned.",
    "QuestionJson.points": "The points of the exam that it could earn, without checks that Rung could not grade.",
    "QuestionJson.opened": "Whether the candidate opened the question.",
    "QuestionJson.seconds": "Seconds in which a shell of the question was open.",
    "QuestionJson.flagged": "Whether the question was flagged at the end.",
    "QuestionJson.note": "The candidate's note on it.",
    "QuestionJson.error": "Why Rung could not grade the question; it then counts "
    "neither for nor against the candidate. null: it was graded.",
    "QuestionJson.restarted": "The machines that were restarted before grading.",
    "QuestionJson.intro": "The lab's introduction.",
    "QuestionJson.docs": "The lab's recommended pages.",
    "QuestionJson.solution": "The lab's reference solution.",
    "QuestionJson.tasks": "The question's tasks, in the lab's order.",
    "ExamTaskJson": "One task of a question. Its points are those of the lab, not of the exam.",
    "ExamTaskJson.id": "The task's id, unique in the lab.",
    "ExamTaskJson.text": "The task's text.",
    "ExamTaskJson.score": "The points earned, less those of failed guards; never below 0.",
    "ExamTaskJson.points": "The points that the task could earn, without broken checks and guards.",
    "ExamTaskJson.checks": "The task's checks, in the lab's order, those of checks.py last.",
    "DownJson": "One down time.",
    "DownJson.why": "computer: it was off; engine: it did not answer; rung: none of its processes lived.",
    "DownJson.seconds": "Its length in seconds.",
    "DownJson.since": "Its beginning, in seconds since 1970.",
    "DownJson.granted": "Whether the exam's time was extended by it.",
    "VersionsJson": "The versions that made and graded an exam.",
    "VersionsJson.rung": "Rung's version.",
    "VersionsJson.python": "Python's version.",
    "VersionsJson.images": "Image -> its tag, which contains a digest of its description.",
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
    sys.exit(write_or_check(sys.argv[1:], FILE, text(), COMMAND))
