"""Skills, tracks, labs and tries for tests of learning: small ones by hand, large ones at random."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from rung.runner.catalog.tracks import Track
from rung.runner.learning.recommend import LabCandidate, View
from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.learning.skill_state import Standing, Try, standings
from rung.runner.store.records import AttemptRecord, CheckRecord, TaskOutcome

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def graph(helps: Mapping[str, list[str]] | None = None, /, **requires: list[str]) -> SkillGraph:
    """Skills by what they require, such as graph(b=["a"]); levels follow from that."""
    names = dict.fromkeys([*(n for names in requires.values() for n in names), *requires])
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        levels[name] = max((level(n) + 1 for n in requires.get(name, [])), default=0)
        return levels[name]

    made = {
        name: SimpleNamespace(
            id=name, title=f"Skill {name}", level=level(name), requires=requires.get(name, []),
            helps=(helps or {}).get(name, []),
        )
        for name in names
    }  # fmt: skip
    return SkillGraph(cast(Any, made))


def lab(name: str, *skills: str, minutes: int = 10, difficulty: str = "easy") -> LabCandidate:
    return LabCandidate(name, f"Lab {name}", difficulty, minutes, skills)


def tried(
    skills: str | Iterable[str],
    ago: float,
    *,
    passed: bool = True,
    seed: int | None = None,
    lab: str = "lab",
    **more: Any,
) -> Try:
    """A try `ago` days before NOW; its attempt is unique, and so is its seed unless one is given."""
    at = NOW - ago * DAY
    names = tuple(skills.split()) if isinstance(skills, str) else tuple(skills)
    return Try(
        at,
        at.date(),
        f"a{at.timestamp():.0f}",
        lab,
        int(at.timestamp()) if seed is None else seed,
        names,
        passed,
        **more,
    )


def check(
    ago: float,
    verdict: TaskOutcome | None = "passed",
    *,
    run: int = 0,
    hints: int = 0,
    solved: bool = False,
    **more: Any,
) -> CheckRecord:
    at = NOW - ago * DAY
    return CheckRecord(at, at.date(), run, more.pop("whole", True), 1.0, verdict, hints, solved, **more)


def attempt(*checks: CheckRecord, ended: bool = True, name: str = "a1", seed: int = 1, **more: Any) -> AttemptRecord:
    first = min((c.at for c in checks), default=NOW)
    last = max((c.at for c in checks), default=NOW)
    given = {"lab": "links", "digest": "d", "skills": ("s",), "started": first, "last": last} | more
    return AttemptRecord(id=name, seed=seed, ended=ended, checks=checks, **given)


def track(name: str = "t", **domains: tuple[int | None, list[list[str]]]) -> Track:
    """A track such as track(d=(60, [["a"], ["b", "c"]])): a domain of weight 60 with two objectives."""
    made = [
        {
            "id": f"{name}.{domain}", "name": f"Domain {domain}", "weight": weight,
            "objectives": [
                {"id": f"{name}.{domain}.{n}", "text": "Do it.", "skills": skills}
                for n, skills in enumerate(objectives)
            ],
        }
        for domain, (weight, objectives) in domains.items()
    ]  # fmt: skip
    return Track.model_validate({"id": name, "name": f"Track {name}", "domains": made})


def view(
    skills: SkillGraph, labs: list[LabCandidate], tries: Sequence[Try] = (), weights: Mapping[str, float] | None = None
) -> View:
    found: dict[str, Standing] = standings(tries, skills, NOW)
    even = dict.fromkeys(skills.skills, 1 / len(skills.skills))
    return View(skills, found, labs, even if weights is None else weights, NOW.date())


class World:
    """Random skills in levels, labs that train one to three of them, and a learner who knows some."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.requires: dict[str, list[str]] = {}
        names = [f"s{n}" for n in range(self.rng.randint(5, 40))]
        helps: dict[str, list[str]] = {}
        for number, name in enumerate(names):
            before = names[:number]
            self.requires[name] = self.rng.sample(before, min(len(before), self.rng.choice([0, 1, 1, 2])))
            helps[name] = self.rng.sample(before, min(len(before), self.rng.choice([0, 0, 1])))
        self.graph = graph(helps, **self.requires)
        self.labs = [
            lab(f"lab{n}", *self.rng.sample(names, min(len(names), self.rng.choice([1, 1, 2, 3]))),
                minutes=self.rng.choice([5, 10, 15, 25]), difficulty=self.rng.choice(["easy", "medium", "hard"]))
            for n in range(self.rng.randint(3, 40))
        ]  # fmt: skip
        ceiling = self.rng.randint(0, max(s.level for s in self.graph.skills.values()) + 1)
        self.knows = {name for name in names if self.graph.level(name) < ceiling and self.rng.random() < 0.9}

    def learns(self, tries: int) -> list[Try]:
        """A random history: labs with known skills pass, sometimes helped; a failed one may teach its skills."""
        found = []
        ago = tries * self.rng.uniform(0.2, 2)
        for _ in range(tries):
            chosen = self.rng.choice(self.labs)
            able = set(chosen.skills) <= self.knows
            if not able and self.rng.random() < 0.3:
                self.knows |= set(chosen.skills)
            ago = max(0.01, ago - self.rng.uniform(0, 2))
            found.append(
                tried(chosen.skills, ago, passed=able, seed=self.rng.randint(1, 3), lab=chosen.name,
                      helped=able and self.rng.random() < 0.2)
            )  # fmt: skip
        return sorted(found, key=lambda one: one.at)


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
