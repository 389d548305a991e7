"""The tracks and skills of Rung have no mistakes, and mistakes in such files are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.catalog.tracks import read_skills, read_tracks
from rung.runner.core.errors import LabFileError
from rung.runner.lab.known_ids import known_objectives, known_skills
from rung.runner.lab.rules import cycle

SKILLS = "- id: a\n  title: A\n  level: 0\n- id: b\n  title: B\n  level: 1\n  requires: [a]\n"


def write(home: Path, skills: str = SKILLS, track: str | None = None) -> Path:
    (home / "tracks").mkdir()
    (home / "skills.yaml").write_text(skills)
    if track is not None:
        (home / "tracks" / "t.yaml").write_text(track)
    return home


def sentences(error: pytest.ExceptionInfo[LabFileError], home: Path) -> list[str]:
    return [str(mistake).removeprefix(f"{home}/") for mistake in error.value.mistakes]


def test_the_fast_search_for_ids_finds_all_of_them() -> None:
    assert known_objectives() == {o.id for track in read_tracks() for o in track.objectives()}
    assert known_skills() == set(read_skills())


def test_the_rhcsa_track_has_all_objectives_and_says_what_a_container_can_teach() -> None:
    (track,) = (track for track in read_tracks() if track.id == "rhcsa10")
    current = [o for o in track.objectives() if o.id.startswith("rhcsa10-")]
    counts = {word: sum(o.feasible.container == word for o in current) for word in ("full", "partial", "no")}
    assert counts == {"full": 34, "partial": 12, "no": 16}
    assert all(o.feasible.why for o in current if o.feasible.container != "full")


def test_the_cka_track_attributes_its_wording_and_its_weights_add_up() -> None:
    (track,) = (track for track in read_tracks() if track.id == "cka")
    assert "CC BY 4.0" in track.attribution
    assert sum(domain.weight or 0 for domain in track.domains) == 100


def test_skills_build_on_each_other_without_circles_and_each_serves_an_objective_or_a_skill() -> None:
    skills = read_skills()
    assert cycle({skill.id: [*skill.requires, *skill.helps] for skill in skills.values()}) == []
    assert len(skills) == 132


def test_unknown_names_and_double_ids_are_mistakes_with_their_places(tmp_path: Path) -> None:
    track = (
        "id: t\nname: T\ndomains:\n  - id: t.a\n    name: A\n    objectives:\n"
        "      - id: t-1\n        text: One.\n        skills: [a, aa]\n      - id: t-1\n        text: Two.\n"
    )
    home = write(tmp_path, track=track)
    with pytest.raises(LabFileError) as error:
        read_tracks(home)
    assert sentences(error, home) == [
        "tracks/t.yaml:9:21: unknown skill `aa`; did you mean `a`?",
        "tracks/t.yaml:10:13: the id `t-1` is used twice",
    ]


def test_wrong_types_in_a_track_are_mistakes(tmp_path: Path) -> None:
    home = write(tmp_path, track="id: t\nname: T\ndomain: 5\n")
    with pytest.raises(LabFileError) as error:
        read_tracks(home)
    assert sentences(error, home) == [
        "tracks/t.yaml:1:1: `domains` is missing",
        "tracks/t.yaml:3:1: unknown key `domain`; did you mean `domains`?",
    ]


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        (SKILLS.replace("[a]", "[b]"), ["skills.yaml:7:13: these skills require each other: b -> b"]),
        (SKILLS.replace("[a]", "[ab]"), ["skills.yaml:7:14: unknown skill `ab`; did you mean `b`?"]),
        (SKILLS.replace("id: b", "id: a"), [
            "skills.yaml:4:7: the id `a` is used twice",
            "skills.yaml:1:3: these skills require each other: a -> a",
        ]),
        ("a: 5\n", ["skills.yaml:1:1: expected a list of skills, found a mapping"]),
        ("- 5\n", ["skills.yaml:1:3: expected a mapping, found `5`"]),
        ("- id: a\n  title: A\n  level: low\n", ["skills.yaml:3:10: `level`: expected a whole number, found `low`"]),
    ],
)  # fmt: skip
def test_mistakes_in_skills_are_reported(tmp_path: Path, skills: str, expected: list[str]) -> None:
    home = write(tmp_path, skills=skills)
    with pytest.raises(LabFileError) as error:
        read_skills(home)
    assert sorted(sentences(error, home)) == sorted(expected)


def test_a_longer_circle_is_shown_as_its_path() -> None:
    assert cycle({"x": ["a"], "a": ["b", "c"], "b": [], "c": ["d"], "d": ["a"]}) == ["a", "c", "d", "a"]
    assert cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []
