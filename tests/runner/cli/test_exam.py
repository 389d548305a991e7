"""An exam from start to result, as processes on an engine in a file."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from exam_room import Room
from json_schemas import valid
from rung.runner.exams.result_schema import results_schema


def test_an_exam_is_taken_and_graded_in_one_go(room: Room) -> None:
    said = room.start("--candidate", "Ada", "--no-shell")
    assert said.code == 0, said.err
    assert "3 questions, passes with 60 of 100 points." in said.out
    room.solve(1, "a", "b")
    room.solve(2, "a")
    assert room.rung("exam", "flag", "2").err == "question 2: flagged\n"
    room.rung("exam", "note", "2", "b is", "missing")
    status = room.status()
    assert [q["machines"] for q in status["questions"]] == ["ready", "ready", "not made yet"]
    assert [q["opened"] for q in status["questions"]] == [True, True, False]
    assert (status["state"], status["mode"], status["questions"][1]["note"]) == ("running", "exam", "b is missing")
    assert 3500 < status["seconds_left"] <= 3600

    said = room.rung("exam", "submit", "--yes")
    assert (said.code, said.out.splitlines()[2]) == (0, "62.5 of 100 points (62.5 %); it takes 60 to pass: passed.")

    report = room.rung("exam", "report", "--format", "json").json
    schema = results_schema()
    assert valid(report, schema, schema)
    expected = {
        "name": "three", "track": "rhcsa10", "candidate": "Ada", "mode": "exam", "seed": 7, "score": 62.5,
        "points": 100, "pass_mark": 60, "passed": True, "late_minutes": 0, "in_time": True, "taken_out": 0,
        "remarks": [], "downs": [],
        "domains": [
            {"id": "rhcsa10.tools", "name": "Essential tools", "score": 50, "points": 50},
            {"id": "rhcsa10.users", "name": "Users and groups", "score": 12.5, "points": 50},
        ],
    }  # fmt: skip
    assert {key: report[key] for key in expected} == expected
    one, two, three = report["questions"]
    assert [(q["lab"], q["weight"], q["score"], q["opened"]) for q in (one, two, three)] == [
        ("alpha", 50, 50, True), ("beta", 25, 12.5, True), ("gamma", 25, 0, False)
    ]  # fmt: skip
    assert (two["flagged"], two["note"], one["flagged"]) == (True, "b is missing", False)
    assert one["solution"] == "set a yes\nset b yes\n"
    assert one["tasks"][0]["text"] == "Make the fact `a` say yes."
    reasons = {
        f"{task['id']}.{c['id']}": (c["outcome"], c["reasons"]) for task in three["tasks"] for c in task["checks"]
    }
    assert reasons == {
        "one.a": ("failed", ["this question was never opened"]),
        "two.b": ("failed", ["this question was never opened"]),
        "two.kept": ("passed", []),
    }

    # What whoever keeps a record of a learner's evidence reads.
    graded = next(event for event in room.events() if event["event"] == "graded")
    assert {key: graded[key] for key in expected} == expected
    (entered,) = room.reports(2)
    assert (entered["exam"], entered["in_time"], entered["score"]) == (report["exam"], True, 0.5)
    assert entered["report"]["attempt"] == two["attempt"]
    assert not (room.home / "attempts" / f"{three['attempt']}.jsonl").exists(), "what nobody tried is no evidence"


def test_submitting_twice_gives_one_result(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    first = room.rung("exam", "submit", "--yes")
    before = room.journal().read_bytes()
    room.driver.do(room.attempt(1), "set a no")
    again = room.rung("exam", "submit", "--yes")
    assert (again.code, again.out) == (first.code, first.out)
    assert "is submitted already; this is its result." in again.err
    assert room.journal().read_bytes() == before
    assert len(room.reports(1)) == 1


def test_nothing_tells_what_is_right_before_the_exam_is_submitted(room: Room) -> None:
    room.start("--no-shell")
    attempt = room.attempt(1)
    for word in ("check", "hint", "solution"):
        said = room.rung(word, "--attempt", attempt)
        assert (said.code, said.out) == (2, "")
        assert said.err == (
            f"`rung {word}` is sealed: this is question 1 of three, which is not submitted yet.\n"
            "What to do: `rung exam submit` submits all of it, and shows what was right.\n"
        )
    ways = {
        "stop": "`rung exam stop` ends the whole exam.",
        "reset": "`rung exam shell 1 --new` starts the question afresh.",
        "resume": "`rung exam start` goes on with the exam, while there is time.",
        "tasks": "`rung exam tasks 1` shows what it asks, once the clock runs.",
    }
    for word, way in ways.items():
        said = room.rung(word, "--attempt", attempt)
        assert (said.code, said.err) == (
            2, f"This is question 1 of three, which is not submitted yet.\nWhat to do: {way}\n"
        )  # fmt: skip
    said = room.rung("exam", "report")
    assert (said.code, said.err.splitlines()[1]) == (2, "What to do: `rung exam submit` submits it.")
    said = room.rung("exam", "review", "1")
    assert said.code == 2
    assert room.rung("check").err == (
        "What is running are the questions of an exam.\n"
        "What to do: `rung exam status` shows them, `rung exam shell 1` opens the first.\n"
    )
    room.rung("exam", "submit", "--yes")
    assert room.rung("check", "--attempt", attempt).code == 1
    assert "set a yes" in room.rung("solution", "--attempt", attempt).out


def test_a_practice_is_open_and_has_no_clock(room: Room) -> None:
    said = room.start("--practice", "--no-shell")
    assert "No clock runs; 3 questions" in said.out
    room.solve(1, "a")
    attempt = room.attempt(1)
    assert room.rung("check", "--attempt", attempt).code == 1
    assert room.rung("solution", "--attempt", attempt).out.endswith("set a yes\nset b yes\n")
    assert room.status()["seconds_left"] is None
    assert room.rung("exam", "submit", "--yes").code == 1
    report = room.rung("exam", "report", "--format", "json").json
    assert (report["mode"], report["minutes"], report["score"], report["in_time"]) == ("practice", None, 25, True)


def test_one_exam_at_a_time_and_start_goes_on_with_it(room: Room) -> None:
    room.start("--no-shell")
    other = room.rung("exam", "start", "rhcsa-short")
    assert other.code == 2
    assert other.err == (
        "The exam three (seed 7) is open, and one is taken at a time.\n"
        "What to do: `rung exam start` goes on with it, `rung exam submit` submits it, `rung exam stop` ends it.\n"
    )
    room.solve(1, "a")
    again = room.rung("exam", "start")
    assert (again.code, again.err) == (0, "three (seed 7) is open: you go on with it as it was left.\n")
    wishes = room.rung("exam", "start", "--practice", "--minutes", "90", "--candidate", "Bob").err
    assert wishes.splitlines()[1:] == ["--practice and --minutes and --candidate are only for a new exam, and ignored."]
    assert room.status()["questions"][0]["opened"]


def test_after_a_restart_of_the_computer_start_goes_on_with_every_answer_as_it_was(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    room.rung("exam", "flag", "2")
    room.restart(600)
    assert room.states() == {"stopped"}
    again = room.rung("exam", "start", "--no-shell")
    assert (again.code, again.err) == (0, "three (seed 7) is open: you go on with it as it was left.\n")
    status = room.status()
    assert 60 * 60 - 780 < status["seconds_left"] <= 60 * 60 - 660  # the clock went on while it was off
    assert [question["flagged"] for question in status["questions"]] == [False, True, False]
    granted = room.rung("exam", "start", "--grant", "--no-shell")
    assert granted.err.endswith(" were given back, and the report says so.\n")
    assert 60 * 60 - 120 < room.status()["seconds_left"] <= 60 * 60
    assert room.rung("exam", "shell", "1").code == 0  # its machine is started again
    assert room.rung("exam", "submit", "--yes").code == 1  # half of the points, and it takes 60 of 100
    report = room.rung("exam", "report", "--format", "json").json
    assert [question["score"] for question in report["questions"]] == [50, 0, 0]
    (down,) = report["downs"]
    assert down["why"] == "computer"
    assert 660 <= down["seconds"] < 780


def test_a_question_can_be_begun_again(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    said = room.rung("exam", "shell", "1", "--new")
    assert said.code == 0, said.err
    room.rung("exam", "submit", "--yes")
    assert room.rung("exam", "report", "--format", "json").json["questions"][0]["score"] == 0


def test_ending_an_exam_removes_its_machines_and_leaves_no_result(room: Room) -> None:
    room.start("--no-shell")
    refused = room.rung("exam", "stop")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2, "three is not submitted: it ends without a result, and all work on it is lost."
    )  # fmt: skip
    assert len(room.driver.attempts()) == 1
    assert room.rung("exam", "stop", "--yes").code == 0
    assert list(room.driver.attempts()) == []
    said = room.rung("exam", "submit", "--yes")
    assert said.code == 2
    assert "cannot be submitted: it was ended without being submitted." in said.err


def test_stopping_everything_ends_the_exam_as_well(room: Room) -> None:
    room.start("--no-shell")
    refused = room.rung("stop", "--all")
    assert (refused.code, refused.err.splitlines()) == (
        2,
        [
            f"three (exam {room.journal().stem}) would end without a result, and all work on it is lost.",
            "What to do: `rung exam submit` submits it; `rung stop --all --yes` ends it all the same.",
        ],
    )
    said = room.rung("stop", "--all", "--yes")
    assert (said.code, "has ended without being submitted." in said.err) == (0, True)
    assert room.status()["state"] == "ended"


def test_what_could_not_be_graded_is_tried_again_and_then_taken_out(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    room.solve(2, "a", "b")
    with room.driver.world() as world:  # as `docker rm` would
        del world["attempts"][next(a for a in world["attempts"] if world["attempts"][a]["lab"] == "beta")]
    for _ in range(2):
        said = room.rung("exam", "submit", "--yes")
        assert said.code == 3
        assert "Question 2 could not be graded: its machines are gone, and Rung did not remove them" in said.err
    said = room.rung("exam", "submit", "--give-up")
    assert said.code == 0, said.err
    assert "50 of 75 points (66.7 %); it takes 45 to pass: passed." in said.out
    assert "25 points were taken out for that; the pass mark applies to the rest." in said.out
    report = room.rung("exam", "report", "--format", "json").json
    assert (report["score"], report["points"], report["pass_mark"], report["taken_out"]) == (50, 75, 45, 25)
    assert report["questions"][1]["error"] == "its machines are gone, and Rung did not remove them"


def test_machines_that_the_candidate_had_removed_earn_nothing(room: Room) -> None:
    room.start("--no-shell")
    room.solve(2, "a", "b")
    room.rung("exam", "shell", "1")
    attempt = room.attempt(2)
    lines = (room.home / "attempts" / f"{attempt}.jsonl").read_text()
    (room.home / "attempts" / f"{attempt}.jsonl").write_text(lines + json.dumps({"event": "stopped"}) + "\n")
    with room.driver.world() as world:
        del world["attempts"][attempt]
    assert room.rung("exam", "submit", "--yes").code == 1
    report = room.rung("exam", "report", "--format", "json").json
    assert (report["taken_out"], report["questions"][1]["score"]) == (0, 0)
    assert report["questions"][1]["tasks"][0]["checks"][0]["reasons"] == [
        "the machines were removed before it was graded"
    ]


def test_results_are_written_for_others(room: Room, tmp_path: Path) -> None:
    room.start("--candidate", "=HYPERLINK(1)", "--no-shell")
    room.solve(1, "a", "b")
    room.rung("exam", "submit", "--yes")
    (row,) = csv.DictReader(io.StringIO(room.rung("exam", "report", "--format", "csv", "--all").out))
    told = {key: row[key] for key in ("name", "candidate", "score", "percent", "passed", "rhcsa10.users", "q1", "q3")}
    assert told == {
        "name": "three", "candidate": "'=HYPERLINK(1)", "score": "50.0", "percent": "50.0", "passed": "no",
        "rhcsa10.users": "0.0", "q1": "50.0", "q3": "0.0",
    }  # fmt: skip
    junit = room.rung("exam", "report", "--format", "junit").out
    assert '<testsuites tests="9" failures="4" errors="0" skipped="0" name="three">' in junit
    assert '<testcase classname="2.beta.one" name="a: ' in junit
    page = tmp_path / "result.html"
    said = room.rung("exam", "report", "--format", "html", "-o", str(page))
    assert (said.code, said.err) == (1, f"written: {page}\n")
    assert "50 of 100 points" in page.read_text()
    said = room.rung("exam", "report", "--format", "html", "-o", str(tmp_path / "no" / "such"))
    assert (said.code, said.err.splitlines()[0]) == (
        2, f"{tmp_path}/no/such cannot be written: No such file or directory."
    )  # fmt: skip
    assert "Two facts" in room.rung("exam", "review", "2").out


def test_a_result_can_be_disputed_with_all_that_it_takes_to_judge_it(room: Room, tmp_path: Path) -> None:
    room.start("--no-shell")
    room.solve(2, "a")
    room.rung("exam", "submit", "--yes")
    wrong = room.rung("exam", "dispute", "2", "two.c")
    assert (wrong.code, wrong.err) == (
        2, "Question 2 has no check `two.c`; did you mean `two.b`?\nWhat to do: Its checks: one.a, two.b, two.kept.\n"
    )  # fmt: skip
    file = tmp_path / "dispute.md"
    said = room.rung("exam", "dispute", "2", "two.b", "--why", "I did it.", "-o", str(file))
    assert said.code == 0, said.err
    text = file.read_text()
    for part in (
        "# Disputed: question 2 of three (beta)", "I did it.", "Make the fact `b` say yes, and leave `kept` alone.",
        '- {id: b, command: get b, stdout: "yes"}', "node1# get b", "Rung | ", "lab's files",
    ):  # fmt: skip
        assert part in text, part
    (event,) = [e for e in room.events() if e["event"] == "disputed"]
    assert (event["question"], event["checks"], event["why"]) == (2, ["two.b"], "I did it.")


def test_two_who_submit_at_the_same_time_get_one_result(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    with ThreadPoolExecutor(2) as pool:
        codes = [said.code for said in pool.map(lambda _: room.rung("exam", "submit", "--yes"), range(2))]
    names = [event["event"] for event in room.events()]
    assert (names.count("submitted"), names.count("graded"), names.count("marked")) == (1, 1, 3)
    assert 1 in codes  # 50 of 100 points; whoever came second has the same, or was told to wait (3)
    assert set(codes) <= {1, 3}
    assert room.rung("exam", "submit").code == 1


def test_two_starts_at_the_same_time_draw_one_exam(room: Room) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: room.start("--no-shell"), range(2)))
    assert [event["event"] for event in room.events()].count("drawn") == 1


def test_another_time_zone_changes_neither_the_time_that_is_left_nor_the_result(room: Room) -> None:
    room.start("--no-shell")
    left = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        room.environment["TZ"] = zone
        left[zone] = room.status()["seconds_left"]
    assert all(3500 < seconds <= 3600 for seconds in left.values())
    room.rung("exam", "submit", "--yes")
    report = room.rung("exam", "report", "--format", "json").json
    assert (report["late_minutes"], report["downs"], report["started"][-6:]) == (0, [], "+00:00")
