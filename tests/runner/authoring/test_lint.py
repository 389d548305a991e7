"""Lint finds what a careful colleague would, says where, and keeps quiet about an honest lab."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_labs import LAB, write_lab
from rung.runner.authoring import lint_scripts
from rung.runner.authoring.lint import lint, lint_tracks
from rung.runner.authoring.lint_text import command_lines, said
from rung.runner.lab.folder import BUNDLED_LABS

USER = """\
title: A user
objectives: []
difficulty: easy
minutes: 5
environment:
  machines: [{name: node1}]
values: {person: [ada, bo]}
tasks:
  - id: account
    text: Create the user `{{ person }}`.
    expect:
      - user: "{{ person }}"
"""
WRONG = {"wrong_half": "# fails: account.user\ntrue\n", "wrong_damage": "# fails: account.user\ntrue\n"}


def sentences(folder: Path, *, advice: bool = False) -> list[str]:
    """What lint says, paths relative to the lab."""
    return [str(f).replace(f"{folder}/", "") for f in lint(folder) if f.advice is advice]


def user_lab(folder: Path, lab: str = USER, **scripts: str | None) -> Path:
    given = {"setup": "true\n", "solution": 'useradd "$person"\n', "also_backwards": "adduser x\n", **WRONG, **scripts}
    return write_lab(folder / "lab", lab, **given)


def test_an_honest_lab_reads_well(tmp_path: Path) -> None:
    assert lint(user_lab(tmp_path)) == []
    assert lint(write_lab(tmp_path / "facts"), advice=False) == []


def test_a_name_that_a_check_demands_must_stand_in_the_text(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER + "        groups: [wheel]\n")
    assert sentences(folder) == [
        "lab.yaml:12:15: account.user demands `wheel`, which the task's text does not say",
    ]


@pytest.mark.parametrize(
    "change",
    [
        ("minutes: 5", "minutes: 5\nintro: Members of `wheel` rule here."),
        ("`{{ person }}`.", "`{{ person }}` in wheel."),
        ("  - id: account", "  - {id: first, text: The group wheel., expect: [{group: wheel}]}\n  - id: account"),
    ],
    ids=["in the intro", "in the text", "in an earlier task"],
)
def test_a_name_may_be_said_anywhere_the_learner_has_read(tmp_path: Path, change: tuple[str, str]) -> None:
    assert sentences(user_lab(tmp_path, USER.replace(*change) + "        groups: [wheel]\n")) == []


def test_a_name_that_the_starting_state_holds_can_be_found(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER + "        groups: [wheel]\n", setup="groupadd wheel\n")
    assert sentences(folder) == []


def test_a_guard_demands_nothing(tmp_path: Path) -> None:
    assert sentences(user_lab(tmp_path, USER + "      - {id: root, user: halt, holds: true}\n")) == []


def test_names_are_words_of_their_own() -> None:
    assert said("web", "start `web`.")
    assert said("web.service", "start web now")
    assert said("/srv/a", "make `/srv/a/`")
    assert not said("web", "the website")
    assert not said("10", "100 MB")


def test_what_each_draw_would_say_again_is_said_once(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER.replace("`{{ person }}`", "one").replace("bo]", "bo, cy, di]"))
    assert sentences(folder) == ["lab.yaml:12:15: account.user demands `cy`, which the task's text does not say"]


def test_a_task_that_nothing_grades(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER + "  - id: ask\n    text: Ask for a raise.\n")
    assert sentences(folder) == ["lab.yaml:14:11: nothing grades task `ask`"]


GUARDED = """\
  - id: keep
    text: Keep `/etc/motd`.
    expect:
      - {file: /etc/motd, holds: true}
"""


def test_guards_need_points_that_they_can_take(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER + GUARDED)
    assert sentences(folder) == [
        "lab.yaml:14:11: no check of task `keep` gives points, so its guards (`holds: true`) have none to take"
    ]


def test_a_check_of_checks_py_gives_points_too(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER + GUARDED)
    python = "from rung.checks import check\n@check(task='keep', id='new'{})\ndef f() -> None:\n    'New'\n"
    (folder / "wrong/mute.sh").write_text("# fails: keep.new, account.user\ntrue\n")
    (folder / "checks.py").write_text(python.format(""))
    assert sentences(folder) == []
    (folder / "checks.py").write_text(python.format(", holds=True"))
    assert len(sentences(folder)) == 1


def test_a_task_that_checks_py_grades_is_graded(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER + "  - id: ask\n    text: Ask for a raise.\n")
    (folder / "checks.py").write_text(
        "from rung.checks import check\n@check(task='ask', id='asked')\ndef f() -> None:\n    'Asked'\n"
    )
    (folder / "wrong/mute.sh").write_text("# fails: ask.asked, account.user\ntrue\n")
    assert sentences(folder) == []


def test_a_name_in_the_text_that_no_check_mentions_is_advised_about(tmp_path: Path) -> None:
    folder = user_lab(tmp_path, USER.replace("`{{ person }}`.", "`{{ person }}` with `/bin/zsh`."))
    assert sentences(folder, advice=True) == [
        "lab.yaml:10:11: no check mentions `/bin/zsh`: grade it, or begin the paragraph with `Advice:`"
    ]


def test_a_paragraph_of_advice_need_not_be_graded(tmp_path: Path) -> None:
    text = "|\n      Create the user `{{ person }}`.\n\n      Advice: `getent` helps."
    assert lint(user_lab(tmp_path, USER.replace("Create the user `{{ person }}`.", text))) == []


def test_a_command_of_the_solution_in_the_text_is_a_giveaway(tmp_path: Path) -> None:
    text = "Create the user `{{ person }}` (useradd -m {{ person }} does it)."
    folder = user_lab(tmp_path, USER.replace("Create the user `{{ person }}`.", text), solution="useradd -m $person\n")
    found = sentences(folder, advice=True)
    assert found[0].startswith("lab.yaml:10:11: the text gives the solution away: `useradd -m ")


def test_what_a_here_document_writes_is_no_command_line() -> None:
    script = "cat >x <<'END'\nPermitRootLogin no\nEND\nsystemctl restart sshd\n# a long comment\nls\n"
    assert command_lines(script) == ("cat >x <<'END'", "systemctl restart sshd")


def test_scripts_that_are_missing(tmp_path: Path) -> None:
    folder = user_lab(tmp_path)
    (folder / "solution.sh").unlink()
    (folder / "wrong/half.sh").unlink()
    assert sentences(folder) == [
        "lab.yaml:1:1: a lab needs at least 2 scripts in wrong/, this one has 1",
        "lab.yaml:1:1: this lab has no solution.sh, so nobody knows that it can be done",
    ]


def test_a_head_without_failures(tmp_path: Path) -> None:
    assert sentences(user_lab(tmp_path, wrong_half="true\n")) == [
        "wrong/half.sh:1:1: its head does not say what must fail: `# fails: task.check`"
    ]


def test_a_head_with_an_unknown_check(tmp_path: Path) -> None:
    assert sentences(user_lab(tmp_path, wrong_half="# oops\n# fails: account.usr\ntrue\n")) == [
        "wrong/half.sh:2:10: there is no check `account.usr`; did you mean `account.user`?"
    ]


def test_a_restart_that_the_lab_does_not_have(tmp_path: Path) -> None:
    assert sentences(user_lab(tmp_path, wrong_half="# fails: account.user after reboot\ntrue\n")) == [
        "wrong/half.sh:1:10: `after reboot` needs `reboot: true` in the lab"
    ]


def test_a_script_for_a_machine_that_does_not_exist(tmp_path: Path) -> None:
    assert sentences(user_lab(tmp_path, solution='#@ nod1\nuseradd "$person"\n')) == [
        "solution.sh:1:4: there is no machine `nod1`; did you mean `node1`?"
    ]


def test_a_script_that_is_not_bash_is_told_with_its_line(tmp_path: Path) -> None:
    found = sentences(user_lab(tmp_path, also_backwards="true\n#@ node1\nif true\nthen\n"))
    assert [f[: len("also/backwards.sh:5:1: this is not bash: ")] for f in found] == [
        "also/backwards.sh:5:1: this is not bash: "
    ]


def test_scripts_that_would_not_be_read(tmp_path: Path) -> None:
    folder = user_lab(tmp_path)
    (folder / "also/python.py").write_text("pass\n")
    assert sentences(folder) == ["also/python.py:1:1: only scripts (*.sh) are read in also/"]


def test_a_mistake_that_only_some_draws_show_is_found(tmp_path: Path) -> None:
    lab = LAB.replace("minutes: 5", "minutes: '{{ long }}'") + "values: {long: [10, 300]}\n"
    assert sentences(write_lab(tmp_path / "lab", lab)) == [
        "lab.yaml:4:10: `minutes`: expected at most 240, found `300`"
    ]


SKILLS = """\
- {id: a, title: A, level: 0, requires: [b]}
- {id: b, title: B, level: 1, requires: [a], helps: [cc]}
"""
TRACK = """\
id: t
name: T
domains:
  - id: t.a
    name: A
    objectives:
      - {id: t-1, text: One., skills: [aa]}
"""


def catalogue(home: Path, skills: str = SKILLS, track: str = TRACK) -> Path:
    (home / "tracks").mkdir(parents=True)
    # Ids are found by the file's shape, one to a line.
    (home / "skills.yaml").write_text(skills)
    (home / "tracks" / "t.yaml").write_text(track)
    return home


def test_unknown_skills_and_circles_of_the_catalogue_are_told(tmp_path: Path) -> None:
    home = catalogue(tmp_path / "labs")
    assert [str(f).removeprefix(f"{home}/") for f in lint_tracks(home)] == [
        "skills.yaml:1:41: these skills require each other: a -> b -> a",
        "skills.yaml:2:54: unknown skill `cc`",
        "tracks/t.yaml:7:40: unknown skill `aa`",
    ]


def test_the_catalogue_that_comes_with_rung_reads_well() -> None:
    assert lint_tracks(BUNDLED_LABS) == []


def test_a_shellcheck_that_hangs_costs_one_line_of_advice_and_no_other_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "shellcheck"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setattr(lint_scripts, "SHELLCHECK_SECONDS", 0.3)
    folder = write_lab(tmp_path / "lab")
    (folder / "wrong" / "half.sh").write_text("# fails: no.such\nif\n")
    found = [(finding.path.name, finding.sentence) for finding in lint(folder)]
    assert ("solution.sh", "shellcheck did not end within 0.3 s, and says nothing of this script") in found
    assert any(name == "half.sh" and sentence.startswith("this is not bash") for name, sentence in found)
