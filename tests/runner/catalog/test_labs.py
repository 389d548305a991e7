"""The catalogue of labs, and how labs are selected from it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rung.runner.catalog import labs, trust
from rung.runner.catalog.filters import select
from rung.runner.core.errors import LabFileError, UsageError

LAB = """\
# A comment: with a colon
title: "{title}"   # and one more
objectives:
- rhcsa10-9.01
# a comment between
- rhcsa10-1.08
skills: [lin.users]
difficulty: easy
minutes: 10
environment:
  machines:
    - name: node1

    - {{name: node2}}
capabilities: [net-admin]
values:
  person: [alice, bruno]
tasks:
  - id: t
    text: |
      title: not this one
      Create alice.
    expect:
      - user: alice
"""


def add(home: Path, name: str, text: str | None = None, kind: str = "linux") -> Path:
    folder = home / kind / name
    folder.mkdir(parents=True)
    (folder / "lab.yaml").write_text(text if text is not None else LAB.format(title=f"About {name}"))
    return folder


@pytest.fixture(autouse=True)
def rung_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "data"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    add(tmp_path / "labs", "people")
    add(tmp_path / "labs", "links")
    return tmp_path / "labs"


def test_a_summary_holds_the_head_of_the_file(home: Path) -> None:
    assert labs.summaries(home)[1] == labs.LabSummary(
        name="people",
        folder=home / "linux" / "people",
        title="About people",
        difficulty="easy",
        minutes=10,
        objectives=("rhcsa10-9.01", "rhcsa10-1.08"),
        skills=("lin.users",),
        capabilities=("net-admin",),
        machines=2,
        kind="linux",
        pack=None,
    )


def test_the_head_holds_what_the_whole_file_says() -> None:
    for entry in labs.summaries():
        from rung.runner.lab.loader import load

        lab = load(entry.folder)
        assert (entry.title, entry.minutes, entry.machines) == (
            lab.title,
            lab.minutes,
            len(lab.cluster.nodes if lab.cluster else lab.machines),
        )
        assert (entry.objectives, entry.skills) == (tuple(lab.objectives), tuple(lab.skills))
        assert (entry.difficulty, entry.capabilities) == (lab.difficulty, tuple(lab.capabilities))


def test_a_head_with_a_template_is_read_with_the_whole_file(home: Path) -> None:
    text = LAB.format(title="For {{ person }}").replace("[alice, bruno]", "[alice]")
    add(home, "template", text)
    assert [e.title for e in labs.summaries(home) if e.name == "template"] == ["For alice"]


def test_a_lab_is_found_by_its_kind_and_name_too(home: Path) -> None:
    assert labs.find("linux/links", home).name == "links"
    with pytest.raises(UsageError):
        labs.find("kubernetes/links", home)


def test_a_lab_for_a_cluster_is_listed_as_one(home: Path) -> None:
    text = LAB.format(title="x").split("environment:")[0] + "environment: {cluster: {workers: 1}}\ntasks: []\n"
    add(home, "rbac", text, kind="kubernetes")
    (entry,) = (e for e in labs.summaries(home) if e.name == "rbac")
    assert (entry.kind, entry.machines) == ("kubernetes", 2)


@pytest.mark.parametrize(
    "text", ["", "a: [", "title: 5\n", "title: [x\ntasks: 5\n", "\x00", "- a\n", "title: x\n" * 50_000]
)
def test_a_lab_with_mistakes_in_its_head_is_left_out_and_find_reports_them(home: Path, text: str) -> None:
    folder = add(home, "broken", text)
    assert [entry.name for entry in labs.summaries(home)] == ["links", "people"]
    with pytest.raises(LabFileError):
        labs.find(str(folder), home)


def test_labs_of_trusted_packs_are_listed_after_the_bundled_ones(home: Path, tmp_path: Path) -> None:
    add(tmp_path / "pack", "abc")
    trust.trust(tmp_path / "pack")
    assert [(entry.name, entry.pack) for entry in labs.summaries(home)] == [
        ("links", None),
        ("people", None),
        ("abc", "pack"),
    ]


def test_a_lab_is_found_by_name_and_by_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = home / "linux" / "people"
    assert labs.find("people", home).folder == people
    assert labs.find(str(people), home).folder == people
    assert labs.find(str(people / "lab.yaml"), home).name == "people"
    monkeypatch.chdir(people)
    assert labs.find(".", home).name == "people"
    assert labs.find("lab.yaml", home).name == "people"


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("peple", "There is no lab `peple`; did you mean `people`?"),
        ("ink", "There is no lab `ink`; did you mean `links`?"),
        ("op", "There is no lab `op`; did you mean `people`?"),
        ("zzzzz", "There is no lab `zzzzz`."),
        ("./people", "There is no lab `./people`; did you mean `people`?"),
    ],
)
def test_a_lab_that_does_not_exist(home: Path, word: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        labs.find(word, home)
    assert (str(error.value), error.value.fix) == (sentence, "`rung labs` lists them.")


def test_a_folder_without_a_lab_is_reported(home: Path) -> None:
    with pytest.raises(UsageError) as error:
        labs.find(str(home), home)
    assert str(error.value) == f"There is no lab.yaml in {home}."


def test_labs_are_selected_by_what_they_exercise(home: Path) -> None:
    other = LAB.format(title="Grep").replace("- rhcsa10-9.01", "- cka.arch.rbac").replace("lin.users", "lin.grep")
    add(home, "other", other.replace("easy", "hard").replace("- rhcsa10-1.08\n", ""))
    entries = labs.summaries(home)

    def chosen(**wanted: str) -> list[str]:
        return [entry.name for entry in select(entries, **wanted)]

    assert chosen() == ["links", "other", "people"]
    assert chosen(track="rhcsa10") == chosen(track="rhcsa") == ["links", "people"]
    assert chosen(track="cka") == ["other"]
    assert chosen(domain="users") == chosen(domain="rhcsa10.users") == ["links", "people"]
    assert chosen(domain="arch") == ["other"]
    assert chosen(objective="cka.arch.rbac") == ["other"]
    assert chosen(skill="lin.grep") == ["other"]
    assert chosen(skill="lin.files") == ["links", "people"]  # by way of the objective 1.08
    assert chosen(difficulty="hard") == ["other"]
    assert chosen(word="GREP") == ["other"]
    assert chosen(word="people", track="rhcsa") == ["people"]


ALL = "labs/tracks and labs/skills.yaml hold them all."


@pytest.mark.parametrize(
    ("wanted", "sentence", "fix"),
    [
        ({"difficulty": "hrad"}, "difficulty `hrad`; did you mean `hard`?", "Known: easy, medium, hard."),
        ({"track": "chka"}, "track `chka`; did you mean `cka`?", "Known: cka, rhcsa10."),
        ({"domain": "work", "track": "rhcsa"}, "domain `work`.", None),
        ({"track": "cka", "objective": "rhcsa10-1.01"}, "objective `rhcsa10-1.01`.", ALL),
        ({"skill": "lin.user"}, "skill `lin.user`; did you mean `lin.users`?", "Known: lin.users."),
        ({"skill": "zzz"}, "skill `zzz`.", ALL),
    ],
)
def test_names_that_do_not_exist_are_reported(wanted: dict[str, str], sentence: str, fix: str | None) -> None:
    with pytest.raises(UsageError) as error:
        select([], **wanted)
    assert str(error.value) == f"There is no {sentence}"
    if fix is not None:
        assert error.value.fix == fix


def test_a_thousand_labs_are_listed_in_less_than_a_second(tmp_path: Path) -> None:
    text = LAB.format(title="One of many") + "      - file: /etc/motd\n        lines: [Welcome.]\n" * 100
    for number in range(1000):
        add(tmp_path / "many", f"lab-{number}", text)
    labs.summaries(tmp_path / "many")
    started = time.process_time()
    assert len(labs.summaries(tmp_path / "many")) == 1000
    assert time.process_time() - started < 0.6  # 0.3 s on an idle machine; twice that on a busy one
