"""rung progress, next and assess, on a small catalogue and with journals written down."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fake_lab import LAB, Rung, World
from learner_journals import failed, passed, write_attempt, write_exam
from rung.runner.catalog import labs as catalog
from rung.runner.catalog import trust
from rung.runner.catalog.labs import LabSummary
from rung.runner.core.paths import home
from rung.runner.services import current, exam_report
from rung.runner.shell import proxy
from skill_worlds import graph, track

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def entry(folder: Path, name: str, *skills: str, minutes: int = 10) -> LabSummary:
    return LabSummary(name, folder / name, f"Lab {name}", "easy", minutes, (), skills, (), 1, "linux", None)


@pytest.fixture(autouse=True)
def _small_catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Skills a <- b <- c and d, a lab for each but d, and a track that asks for all of them."""
    skills = graph(b=["a"], c=["b"], d=[])
    t = track("t", low=(60, [["a"], ["b"]]), high=(40, [["c", "d"]]))
    labs = [
        entry(tmp_path / "pack", name, skill, minutes=5)
        for name, skill in zip(("one", "two", "three"), "abc", strict=True)
    ]
    monkeypatch.setattr(catalog, "skills", lambda: skills.skills)
    monkeypatch.setattr(catalog, "tracks", lambda: [t.model_copy(update={"facts": {"pass mark": "66 per cent"}})])
    monkeypatch.setattr(catalog, "summaries", lambda *_home: labs)
    monkeypatch.setattr(current, "capabilities", lambda _need: {})


def did(name: str, lab: str, skill: str, *events: dict[str, object], ago: float = 2, seed: int = 1) -> None:
    write_attempt(home(), name, *events, lab=lab, skills=(skill,), at=NOW - ago * DAY, seed=seed)


def test_without_evidence_it_says_so_and_how_to_find_out(said: Rung) -> None:
    assert said("progress").out == (
        "Track t  t\n"
        "0 of 4 skills held (0 %), 3 never tried, 1 without a lab yet.\n"
        "Nothing is known yet. rung assess t finds out in about half an hour where you stand.\n"
        "\n"
        "DOMAIN, WEAKEST FIRST  WEIGHT  NEVER  NO LAB\n"
        "Domain low             60 %    2      -\n"
        "Domain high            40 %    1      1\n"
        "\n"
        "rung next proposes labs; docs/progress.md explains the words.\n"
    )


def test_it_tells_what_is_held_and_what_score_that_lets_expect(said: Rung) -> None:
    did("a1", "one", "a", passed(), ago=2)
    did("a2", "one", "a", passed(), ago=1, seed=2)
    did("a3", "two", "b", failed(), passed(), ago=1)
    write_exam(home(), "e1", at=NOW - DAY, track="t", name="t-short")
    day = (NOW - DAY).astimezone().date().isoformat()
    assert said("progress").out == (
        "Track t  t\n"
        "1 of 4 skills held (25 %), 1 shown, 1 never tried, 1 without a lab yet.\n"
        "Predicted: 52 % of the points, with four chances in five between 24 and 80 %. To pass: 66 per cent.\n"
        "\n"
        "DOMAIN, WEAKEST FIRST  WEIGHT  HELD  SHOWN  NEVER  NO LAB  PREDICTED\n"
        "Domain high            40 %    -     -      1      1       33 % (3 to 73)\n"
        "Domain low             60 %    1     1      -      -       65 % (35 to 91)\n"
        f"Exam t-short, {day}: 30 of 50 points, 33 were needed.\n"
        "\n"
        "rung next proposes labs; docs/progress.md explains the words.\n"
    )


def test_as_json_it_has_every_skill_with_its_state(said: Rung) -> None:
    did("a1", "two", "b", passed(), ago=15)
    did("a2", "three", "c", failed(), ago=1)
    data = json.loads(said("progress", "--json", "--track", "t").out)
    assert {skill["id"]: skill["state"] for skill in data["skills"]} == {
        "a": "assumed", "b": "shown", "c": "again", "d": "no lab",
    }  # fmt: skip
    (t,) = data["tracks"]
    assert (t["id"], t["skills"]) == ("t", {"shown": 1, "again": 1, "assumed": 1, "no lab": 1})
    assert [domain["weight"] for domain in t["domains"]] == [0.4, 0.6]
    assert t["predicted"]["certainty"] == 0.8


def test_an_unknown_track_is_a_mistake_with_the_known_ones(said: Rung) -> None:
    done = said("progress", "--track", "x")
    assert (done.code, done.err) == (2, "There is no track `x`.\nWhat to do: Known: t.\n")


def test_next_gives_three_labs_each_with_its_reason(said: Rung) -> None:
    did("a1", "one", "a", passed(), ago=2)
    assert said("next").out == (
        "Next for t\n"
        "1. two  Lab two (easy, 5 min)\n"
        "   Shows `b`; opens `c`; prerequisite `a` shown; Domain low, 60 % of the exam.\n"
        "2. one  Lab one (easy, 5 min)\n"
        "   Shows `a` a second time; Domain low, 60 % of the exam.\n"
        "3. three  Lab three (easy, 5 min)\n"
        "   Shows `c`; better after `b` (`two`); Domain high, 40 % of the exam.\n"
        "\n"
        "rung start two starts the first.\n"
    )


def test_after_a_fall_the_way_back_stands_first(said: Rung) -> None:
    did("a1", "three", "c", failed(), ago=1)
    day = (NOW - DAY).astimezone().date().isoformat()
    assert said("next").out.startswith(
        f"Back to three, which failed on {day}\n"
        "   The fewest labs that train what it requires:\n"
        "   - one  Lab one (easy, 5 min)\n"
        "   - two  Lab two (easy, 5 min)\n"
        "   - three  again, with other values\n"
        "\n"
        "Next for t\n"
    )
    data = json.loads(said("next", "--json").out)
    assert (data["back"]["to"], data["back"]["labs"], data["back"]["missing"]) == ("three", ["one", "two"], ["a", "b"])
    assert [p["lab"] for p in data["next"]] == ["one", "two", "three"]
    did("a2", "two", "b", passed(), ago=0.5)
    assert "You have what it requires: try it again, with other values. rung start three\n" in said("next").out


def test_what_goes_on_is_said_before_everything_else(said: Rung) -> None:
    write_attempt(home(), "a1", failed(), lab="one", skills=("a",), at=NOW - timedelta(hours=1), stopped=False)
    assert said("next").out.startswith("one is not finished (attempt a1): rung shell continues it.\n\nNext for t\n")


def test_the_map_is_written_to_the_file(said: Rung, tmp_path: Path) -> None:
    done = said("progress", "--map", str(tmp_path / "map.svg"))
    assert (done.code, done.out, done.err) == (0, "", f"The map is in {tmp_path / 'map.svg'}; any browser shows it.\n")
    assert (tmp_path / "map.svg").read_text().startswith("<svg ")
    assert said("progress", "--map", str(tmp_path / "no" / "map.svg")).err == (
        f"{tmp_path / 'no' / 'map.svg'} cannot be written: No such file or directory.\nWhat to do: Name another file.\n"
    )


def test_a_record_goes_to_another_computer_and_can_be_forgotten_here(
    said: Rung, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    did("a1", "one", "a", passed())
    write_exam(home(), "e1")
    file = tmp_path / "record.jsonl"
    assert said("progress", "export", str(file)).err == f"2 entries written to {file}.\n"
    assert said("progress", "export").out.count("\n") == 3
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "other"))
    assert said("progress", "import", str(file)).out == "1 attempt and 1 exam are new here.\n"
    assert said("progress", "import", str(file)).out == "0 attempts and 0 exams are new here.\n"
    assert "1 shown" in said("progress").out
    refused = said("progress", "delete")
    assert (refused.code, refused.err) == (
        2, "There is no terminal to ask on.\nWhat to do: `rung progress delete --yes` does not ask.\n"
    )  # fmt: skip
    assert said("progress", "delete", "--yes").out == "Deleted: 0 attempts, 0 exams.\n"
    assert "Nothing is known yet." in said("progress").out
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    assert said("progress", "delete", "--yes").out == "Deleted: 1 attempt, 1 exam.\n"


def test_what_stays_after_deleting_is_said(said: Rung) -> None:
    write_attempt(home(), "a1", failed(), stopped=False)
    write_exam(home(), "e1", graded=False)
    assert said("progress", "delete", "--yes").out == (
        "Deleted: 1 attempt, 1 exam.\n"
        "Kept: what grading needs of 1 attempt that may still run.\n"
        "Kept: 1 exam not graded yet.\n"
    )


def test_a_file_with_mistakes_is_told_with_its_lines(said: Rung, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text('{"rung":"record","version":1,"made":"2026-03-02T12:00:00Z"}\n?\n')
    done = said("progress", "import", str(file))
    assert (done.code, done.err) == (2, f"{file}:2:1: this is not JSON\n")


def test_a_damaged_record_is_made_anew_and_that_is_said(said: Rung) -> None:
    home().mkdir(parents=True)
    (home() / "record.db").write_bytes(b"no database at all, whatever it says" * 99)
    assert said("progress").err == (
        "The record was damaged and was created again from the journals; "
        f"the old one is at {home() / 'record.db.damaged'}.\n"
    )


OPEN = (
    "rung start {0} starts or continues it; it is passed when rung check passes.\n"
    "Too hard for now? rung assess t --skip skips it, which tells as much as trying it.\n"
)


def test_an_assessment_proposes_goes_on_and_comes_to_its_end(said: Rung) -> None:
    first = said("assess", "t")
    assert first.out == (
        "Where do you stand on Track t?\n"
        "About 30 minutes, one lab at a time; each result decides which lab is next. "
        "Only you see the results, and a failed lab tells as much as a passed one.\n"
        "\n"
        "Next: two  Lab two (easy, 5 min)\n"
        "Passed, it settles 2 skills; failed, 2. Unknown so far: 4.\n"
    )
    assert first.err == "rung start two starts it.\n"
    assert said("assess", "t").out == "The open lab of your assessment is two.\n" + OPEN.format("two")
    did("a1", "two", "b", passed(at=(datetime.now(UTC)).isoformat()), ago=0)
    assert said("assess", "t").out == (
        "Next: three  Lab three (easy, 5 min)\nPassed, it settles 1 skill; failed, 1. Unknown so far: 2.\n"
    )
    assert said("assess", "t", "--skip").out == (
        "Where you stand on Track t\n"
        "  ✓ two: shown\n"
        "  - three: not yet\n"
        "4 skills: 2 shown or assumed, 1 not yet, 1 unknown.\n"
        "Next to learn: `c`.\n"
        "rung next --track t proposes labs for that.\n"
    )
    assert said("assess", "t").out.startswith("Where do you stand on Track t?\n")  # a new one


def test_assessments_are_told_as_json_and_start_nothing(said: Rung) -> None:
    data = json.loads(said("assess", "t", "--json").out)
    assert (data["state"], data["lab"], data["minutes_left"]) == ("open", "two", 25)
    assert json.loads(said("assess", "t", "--json").out)["assessment"] == data["assessment"]
    assert json.loads(said("assess", "t", "--json", "--new").out)["assessment"] != data["assessment"]


def test_there_is_nothing_to_pass_over_before_something_was_proposed(said: Rung) -> None:
    done = said("assess", "t", "--skip")
    assert (done.code, done.err) == (
        2, "No lab of this assessment is open.\nWhat to do: `rung assess t` proposes the next one.\n"
    )  # fmt: skip


def test_in_a_terminal_the_lab_is_started_if_the_learner_agrees(
    said: Rung, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pack" / "two"
    folder.mkdir(parents=True)
    (folder / "lab.yaml").write_text(LAB)
    (folder / "solution.sh").write_text("true\n")
    trust.trust(folder)
    monkeypatch.setattr(proxy, "at_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_args, **_more: False)
    assert said("assess", "t").code == 0
    assert world.attempts() == []
    monkeypatch.setattr("click.confirm", lambda *_args, **_more: True)
    monkeypatch.setattr("rung.runner.shell.lab_shell.open_shell", lambda *_args: 0)
    done = said("assess", "t")
    assert [found.lab for found in world.attempts()] == ["two"]
    assert done.out.endswith("The open lab of your assessment is two.\n" + OPEN.format("two"))


def test_an_exams_report_has_the_map_of_its_track_and_does_without_where_there_is_none() -> None:
    assert exam_report.result_skill_map("t").startswith('<svg xmlns="http://www.w3.org/2000/svg" class="rung-map"')
    assert exam_report.result_skill_map("unknown") == ""
