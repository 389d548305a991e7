"""The learner's hour on a fake machine: what each command prints, where, and its exit code."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from fake_lab import LAB, Rung, World
from rung.runner.attempts.attempts import Attempts
from rung.runner.catalog import trust
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.journal import EventJournal


def _id(world: World) -> str:
    return Attempts(world).all()[-1].id


def _events(world: World) -> list[str]:
    return [e["event"] for e in EventJournal.of(_id(world)).events()]


def test_without_a_terminal_start_prints_tasks_and_how_to_go_on(said: Rung, world: World, lab: Path) -> None:
    done = said("start", str(lab), "--seed", "1")
    assert done.code == 0
    assert done.out == (
        "Two files  two-files, easy, 5 min\n"
        "\n"
        "1. first  2 points\n"
        "   Make `/srv/one`, and colour it red.\n"
        "\n"
        "2. second  1 point\n"
        "   Make `/srv/two`.\n"
        "\n"
        "Worth reading: touch(1)\n"
    )
    assert done.err.endswith(
        "How to go on\n"
        "  rung shell   opens a shell on the machine\n"
        "  rung check   grades what you did\n"
        "  rung hint    shows a hint\n"
        "  rung stop    ends the lab and removes its machines\n"
    )
    assert len(Attempts(world).all()) == 1


@pytest.mark.usefixtures("world")
def test_phases_go_to_stderr_with_their_times(said: Rung, lab: Path) -> None:
    lines = said("start", str(lab)).err.splitlines()
    assert lines[0] == "network two-files … 0.0 s"
    assert lines[5].startswith("Two files: ready in ")


def test_start_goes_on_with_a_lab_that_is_running(said: Rung, started: World, lab: Path) -> None:
    done = said("start", str(lab))
    assert done.err.splitlines()[0] == (
        f"two-files is running already: you go on with attempt {_id(started)}. "
        "rung start --new starts another one beside it."
    )
    assert len(Attempts(started).all()) == 1


def test_start_new_makes_another_and_then_one_has_to_be_named(said: Rung, started: World, lab: Path) -> None:
    assert said("start", str(lab), "--new").code == 0
    first, second = (a.id for a in Attempts(started).all())
    done = said("check")
    assert done.code == 2
    assert done.err == (
        f"Several labs are running: {first} (two-files), {second} (two-files).\n"
        "What to do: Name one with `--attempt ID`.\n"
    )
    assert said("tasks", "--attempt", second).code == 0


def test_start_of_a_lab_that_is_not_trusted_runs_nothing(said: Rung, world: World, lab: Path) -> None:
    (lab / "setup.sh").write_text("true\n")
    done = said("start", str(lab))
    assert done.code == 2
    assert done.err.startswith(f"{lab} has changed since it was trusted.")
    assert world.asked == []


@pytest.mark.usefixtures("world")
def test_start_without_a_lab_proposes_one_and_does_not_wait(said: Rung) -> None:
    done = said("start")
    assert done.code == 2
    assert done.err.startswith("Next for you: ")
    assert "\nNo lab is named.\nWhat to do: `rung start " in done.err


def test_a_start_that_fails_leaves_nothing(said: Rung, world: World, lab: Path) -> None:
    world.fail_at("boot")
    done = said("start", str(lab))
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-2].startswith("boot two-files … stopped after ")
    assert done.err.splitlines()[-1] == "made to fail at boot"
    assert Attempts(world).all() == []


def test_a_check_says_what_was_expected_and_what_to_try(said: Rung, started: World) -> None:
    started.holds.add("two")
    done = said("check")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == "Two files  two-files, seed 1"
    assert lines[2:4] == ["✗ first  0 of 2 points", "  ✗ There is /srv/one  [one, 2 points]"]
    assert lines[4].startswith("      ")
    assert "expected" in lines[4]
    assert lines[6:9] == [
        "✓ second  1 of 1 point",
        "  ✓ There is /srv/two  [two]",
        "  ✓ /srv/old is still there  [old, must stay so]",
    ]
    assert lines[10:] == [
        "1 of 3 points (33 %)",
        "Next: first. rung hint first gives a hint, rung check first grades it alone.",
    ]
    assert done.err == ""


def test_a_check_that_all_pass_ends_with_0(said: Rung, started: World) -> None:
    started.holds |= {"one", "two"}
    done = said("check")
    assert done.code == 0
    assert done.out.splitlines()[-2] == "3 of 3 points (100 %)"


def test_one_task_is_graded_alone(said: Rung, started: World) -> None:
    started.holds |= {"two"}
    done = said("check", "first", "--json")
    assert done.code == 1
    assert [t["id"] for t in json.loads(done.out)["tasks"]] == ["first"]
    assert "report" not in _events(started)


def test_the_json_report_is_the_published_one(said: Rung, started: World) -> None:
    report = json.loads(said("check", "--json").out)
    assert list(report) == ["lab", "attempt", "seed", "score", "points", "tasks"]
    assert (report["lab"], report["attempt"], report["seed"]) == ("two-files", _id(started), 1)
    assert list(report["tasks"][0]["checks"][0]) == [
        "id", "title", "machine", "outcome", "points", "holds", "when", "reasons", "hint", "error",
    ]  # fmt: skip


@pytest.mark.usefixtures("started")
def test_junit_goes_to_its_file_beside_the_report(said: Rung, tmp_path: Path) -> None:
    done = said("check", "--junit", str(tmp_path / "report.xml"))
    assert done.out.startswith("Two files")
    assert ET.parse(tmp_path / "report.xml").getroot().attrib["failures"] == "1"


@pytest.mark.usefixtures("started")
def test_junit_that_cannot_be_written_is_a_mistake_of_usage(said: Rung, tmp_path: Path) -> None:
    done = said("check", "--junit", str(tmp_path / "none" / "report.xml"))
    assert done.code == 2
    assert done.err.startswith(f"{tmp_path}/none/report.xml cannot be written: No such file or directory.\n")


def test_watch_grades_until_all_pass_and_shows_what_changed(
    said: Rung, started: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rung.runner.cli import check

    work = iter(["one", "two"])  # ends with an error where it is asked for more

    monkeypatch.setattr(check, "_pause", lambda _seconds: started.holds.add(next(work)))
    done = said("check", "--watch")
    assert done.code == 0
    assert "\n✓ first.one passed\n" in done.out
    assert done.out.splitlines()[-2] == "3 of 3 points (100 %)"


def test_watch_prints_one_line_of_json_each_time(said: Rung, started: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from rung.runner.cli import check

    work = iter(["one", "two"])
    monkeypatch.setattr(check, "_pause", lambda _seconds: started.holds.add(next(work)))
    done = said("check", "--watch", "--json")
    assert done.code == 0
    assert [json.loads(line)["score"] for line in done.out.splitlines()] == [0, 2, 3]


@pytest.mark.usefixtures("started")
def test_an_unknown_task_is_named_with_those_that_there_are(said: Rung) -> None:
    done = said("check", "frist")
    assert done.code == 2
    assert done.err == "two-files has no task `frist`.\nWhat to do: Its tasks: first, second.\n"


def test_hints_come_one_at_a_time_and_are_recorded(said: Rung, started: World) -> None:
    said("check")
    assert said("hint").out == "first, hint 1 of 2\n  Look at touch.\n"
    assert said("hint", "first").out == "first, hint 2 of 2\n  Or at install.\n"
    assert said("hint", "first").out == (
        "first, hint 1 of 2\n  Look at touch.\nfirst, hint 2 of 2\n  Or at install.\n"
        "These are all of its hints. rung solution shows a solution.\n"
    )
    assert _events(started).count("hint") == 2


@pytest.mark.usefixtures("started")
def test_a_task_without_hints_points_at_the_pages_worth_reading(said: Rung) -> None:
    assert said("hint", "second").out == "There is no hint for second.\nWorth reading: touch(1)\n"


@pytest.mark.usefixtures("started")
def test_a_hint_for_an_unknown_task_names_the_nearest(said: Rung) -> None:
    done = said("hint", "secnd")
    assert (done.code, done.out) == (2, "")
    assert done.err == "two-files has no task `secnd`; did you mean `second`?\nWhat to do: Its tasks: first, second.\n"


def test_the_solution_stands_below_the_values_and_is_recorded(said: Rung, started: World) -> None:
    done = said("solution")
    assert done.out == (
        '# the values of this attempt\ncolour=red\n\ntouch /srv/one /srv/two\necho "$colour" > /srv/one\n'
    )
    assert _events(started)[-1] == "solution"


@pytest.mark.usefixtures("started")
def test_one_task_is_shown_alone(said: Rung) -> None:
    assert said("tasks", "second").out == (
        "Two files  two-files, easy, 5 min\n\n2. second  1 point\n   Make `/srv/two`.\n\n"
    )


@pytest.mark.usefixtures("world")
def test_status_without_a_lab_says_how_to_begin(said: Rung) -> None:
    assert said("status").out == "No lab is running. rung start starts one.\n"


def test_status_shows_each_attempt_and_how_to_go_on(said: Rung, started: World) -> None:
    lines = said("status").out.splitlines()
    assert lines[0].split() == ["ATTEMPT", "LAB", "STATE", "SINCE", "MACHINES"]
    assert lines[1].split()[:3] == [_id(started), "two-files", "ready"]
    assert lines[3] == "two-files: rung shell, rung check, or rung stop"
    assert json.loads(said("status", "--json").out)[0]["machines"] == [
        {"name": "node1", "state": "running", "address": None}
    ]


@pytest.mark.usefixtures("started")
def test_pause_and_resume(said: Rung) -> None:
    assert said("pause").err == "two-files is paused. Go on with rung resume.\n"
    done = said("check")
    assert (done.code, done.err) == (
        2,
        "two-files is paused.\nWhat to do: `rung resume` resumes its machines.\n",
    )
    assert said("status").out.splitlines()[3] == "two-files is paused: rung resume resumes it."
    assert said("resume").err == "two-files is running again: rung shell, rung check.\n"
    assert said("check").code == 1


def test_a_machine_that_was_switched_off_is_started_again(said: Rung, started: World) -> None:
    started.set_state(_id(started), "stopped")
    assert said("status").out.splitlines()[3] == ("two-files was shut down from inside: rung shell starts it again.")
    assert said("check").err == "node1: switched off, now started again.\n"


def test_what_a_killed_start_left_is_told_and_removed(said: Rung, started: World) -> None:
    attempt = _id(started)
    EventJournal.of(attempt).append("starting", lab="two-files", process="0:0")
    assert said("status").out.splitlines()[3] == (
        f"two-files was never ready: its start was interrupted. rung stop --attempt {attempt} removes what is left."
    )
    done = said("check")
    assert done.code == 2
    assert done.err == (
        f"The start of two-files (attempt {attempt}) did not finish.\n"
        f"What to do: Remove what is left with `rung stop --attempt {attempt}`, then start it again.\n"
    )
    assert said("stop", "--all").out == f"removed {attempt}\n"
    assert Attempts(started).all() == []


def test_reset_puts_the_machines_back(said: Rung, started: World) -> None:
    done = said("reset")
    assert done.err.splitlines()[-1] == "node1 is back in the starting state."
    assert _events(started)[2:] == ["reset", "starting", "ready"]


CHANGED = "two-files changed since this attempt began: rung reset starts it afresh.\n"


def test_a_lab_that_changed_is_not_graded_and_said_so_elsewhere(
    said: Rung, started: World, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust.trust(lab, edits=True)
    (lab / "lab.yaml").write_text(LAB.replace("minutes: 5", "minutes: 6"))
    done = said("check")
    assert (done.code, done.out, done.err) == (
        2,
        "",
        (
            "two-files changed since this attempt began, so its machines cannot be graded by it.\n"
            "What to do: `rung reset` starts it afresh.\n"
        ),
    )
    for words in (("tasks",), ("hint",), ("solution",)):
        done = said(*words)
        assert (done.code, done.err) == (0, CHANGED)
    assert CHANGED in said("start", str(lab)).err
    opened: list[int] = []
    monkeypatch.setattr("rung.runner.shell.proxy.at_a_terminal", lambda: True)
    monkeypatch.setattr("rung.runner.shell.lab_shell.open_shell", lambda *_: opened.append(1) or 0)
    assert said("shell").err == CHANGED
    assert opened == [1]
    assert said("reset").code == 0
    assert (said("tasks").err, said("check").code) == ("", 1)
    assert len(started.attempts()) == 1


def test_what_a_lab_brings_that_was_changed_is_not_run_before_it_is_trusted_again(
    said: Rung, started: World, lab: Path, tmp_path: Path
) -> None:
    (lab / "checks.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (lab / "setup.sh").write_text("touch /ran\n")
    for words in (("tasks",), ("start", str(lab)), ("check",), ("reset",), ("start", "--new", str(lab))):
        done = said(*words)
        assert (done.code, done.out) == (2, "")
        assert f"{lab} has changed since it was trusted. " in done.err
    assert not (tmp_path / "ran").exists()
    assert {command for _, command in started.asked} <= {"systemctl is-system-running"}  # asked ahead
    assert [a.state for a in Attempts(started).all()] == ["ready"]


def test_a_start_that_failed_and_was_kept_can_be_looked_at(
    said: Rung, world: World, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.fail_at("wait")
    done = said("start", "--keep", str(lab))
    attempt = _id(world)
    assert done.code == 3
    assert done.err.splitlines()[-2:] == [
        (
            f"The machines are kept: rung shell --attempt {attempt} looks at them, "
            f"rung stop --attempt {attempt} removes them."
        ),
        "made to fail at wait",
    ]
    opened: list[str] = []
    monkeypatch.setattr("rung.runner.shell.proxy.at_a_terminal", lambda: True)
    monkeypatch.setattr("rung.runner.shell.lab_shell.open_shell", lambda chosen, *_: opened.append(chosen.id) or 0)
    done = said("shell", "--attempt", attempt)
    assert (done.code, opened) == (0, [attempt])
    assert done.err == "The start of two-files failed, and its machines were kept: made to fail at wait\n"
    assert said("check").code == 2
    world.set_state(attempt, "stopped")
    assert said("shell").code == 2
    assert said("stop", "--all").out == f"removed {attempt}\n"


def test_stop_all_tells_what_it_removed_although_something_went_wrong(
    said: Rung, started: World, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said("start", "--new", str(lab))
    first, second = (a.id for a in Attempts(started).all())
    destroy = started.destroy

    def stuck(attempt: str) -> None:
        if attempt == first:
            raise EnvironmentBroken("It is stuck.", fix="Pull.")
        destroy(attempt)

    monkeypatch.setattr(started, "destroy", stuck)
    done = said("stop", "--all")
    assert (done.code, done.out) == (3, f"removed {second}\n")
    assert done.err.endswith("It is stuck.\nWhat to do: Pull.\n")


def test_stop_removes_the_machines(said: Rung, started: World) -> None:
    attempt = _id(started)
    assert said("stop").out == f"removed two-files (attempt {attempt})\n"
    assert said("status").out == "No lab is running. rung start starts one.\n"


@pytest.mark.usefixtures("world")
def test_stop_all_without_anything_is_done(said: Rung) -> None:
    done = said("stop", "--all")
    assert (done.code, done.out, done.err) == (0, "", "There is nothing to remove.\n")


@pytest.mark.usefixtures("started")
def test_stop_cannot_mean_one_and_all(said: Rung) -> None:
    assert said("stop", "--all", "--attempt", "x").code == 2


@pytest.mark.usefixtures("world")
def test_commands_without_a_running_lab_say_how_to_begin(said: Rung) -> None:
    done = said("tasks")
    assert (done.code, done.err) == (
        2,
        "No lab is running.\nWhat to do: `rung start` begins one; `rung labs` lists them.\n",
    )


@pytest.mark.usefixtures("started")
def test_a_shell_without_a_terminal_is_refused(said: Rung) -> None:
    done = said("shell")
    assert (done.code, done.err) == (
        2,
        "A shell needs a terminal.\nWhat to do: Run `rung shell` in one; `rung check` works anywhere.\n",
    )


def test_an_engine_that_is_gone_ends_with_3(said: Rung, started: World) -> None:
    started.dead = True
    done = said("status")
    assert (done.code, done.err) == (3, "The engine does not answer.\nWhat to do: Start it again.\n")


def test_in_a_terminal_the_proposed_lab_is_asked_for(
    said: Rung, world: World, lab: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rung.runner.catalog.labs import find
    from rung.runner.grading import record
    from rung.runner.shell import proxy

    monkeypatch.setattr(record, "proposal", lambda _passed: find(str(lab)))
    monkeypatch.setattr(proxy, "at_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda _text, **_options: False)
    assert said("start").code == 0
    assert Attempts(world).all() == []
    monkeypatch.setattr("click.confirm", lambda _text, **_options: True)
    assert said("start", "--no-shell").out.startswith("Two files")
    assert len(Attempts(world).all()) == 1


def test_what_was_passed_is_not_proposed_again(said: Rung, started: World) -> None:
    from rung.runner.catalog.labs import summaries
    from rung.runner.grading.record import passed_labs, proposal

    started.holds |= {"one", "two"}
    said("check")
    assert passed_labs() == {"two-files"}
    mine = [e for e in summaries() if e.name == "two-files" or e.difficulty == "hard"]
    chosen = proposal(passed_labs(), mine)
    assert chosen is not None
    assert chosen.difficulty == "hard"
    assert proposal({e.name for e in mine}, mine) == proposal(set(), mine)


def test_a_lab_that_was_passed_is_marked(said: Rung, started: World) -> None:
    assert "✓  two-files" not in said("labs", "two-files").out
    started.holds |= {"one", "two"}
    said("check")
    assert "✓  two-files  Two files  easy   5 min  1" in said("labs", "two-files").out


def test_labs_say_what_cannot_run_here(said: Rung, lab: Path) -> None:
    (lab / "lab.yaml").write_text(LAB.replace("minutes: 5", "minutes: 5\ncapabilities: [selinux]"))
    lines = said("labs", "two-files").out.splitlines()
    assert lines[1] == "-  two-files  Two files  easy   5 min  1"
    assert lines[3:] == [
        "1 lab. rung start LAB starts one.",
        "Labs marked - cannot run here; missing: selinux. rung doctor says why.",
    ]


def test_labs_as_json(said: Rung, lab: Path) -> None:
    found = json.loads(said("labs", "two-files", "--json").out)
    assert [(e["name"], e["path"], e["pack"], e["passed"]) for e in found] == [
        ("two-files", str(lab), "two-files", False)
    ]


def test_an_unknown_track_names_the_nearest(said: Rung) -> None:
    done = said("labs", "--track", "rhcsa9")
    assert (done.code, done.err.splitlines()[0]) == (2, "There is no track `rhcsa9`; did you mean `rhcsa10`?")


def test_no_lab_that_fits_is_said(said: Rung) -> None:
    assert said("labs", "no-such-word").out == "No lab matches. rung labs lists all.\n"


def test_labs_name_a_lab_that_a_trusted_pack_links_to(said: Rung, lab: Path, tmp_path: Path) -> None:
    trust.trust(lab.parent)
    other = tmp_path / "elsewhere" / "other"
    other.mkdir(parents=True)
    (other / "lab.yaml").write_text(LAB)
    link = lab.parent / "linked"
    link.symlink_to(other)
    done = said("labs", "two-files", "--json")
    assert [entry["path"] for entry in json.loads(done.out)] == [str(lab)]
    assert done.code == 0
    assert done.err == (
        f"Skipped: {link}:1:1: this link leads to a lab outside of the pack; "
        "copy that lab into the pack, or trust its own folder\n"
    )
    trust.trust(other)
    assert said("labs", "two-files").err == ""


def test_labs_name_a_lab_with_mistakes_that_they_leave_out(said: Rung, lab: Path) -> None:
    trust.trust(lab.parent)
    (lab / "lab.yaml").write_text(LAB.replace("minutes:", "minuets:"))
    done = said("labs", "two-files")
    assert done.out == "No lab matches. rung labs lists all.\n"
    assert done.code == 0
    assert done.err == f"Skipped: {lab}/lab.yaml:1:1: `minutes` is missing\n"
    (lab / "lab.yaml").write_bytes(b"title: \xff\n")
    assert said("labs", "two-files").err == f"Skipped: {lab}/lab.yaml:1:8: this is not UTF-8 text\n"
