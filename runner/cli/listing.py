"""Which labs `rung labs` lists, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.render import Page, Piece, count

if TYPE_CHECKING:
    from rung.runner.catalog import Entry
    from rung.runner.drivers import Driver

_ORDER = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Filter:
    """What the learner asked for; None asks for nothing."""

    word: str | None = None
    track: str | None = None
    domain: str | None = None
    objective: str | None = None
    skill: str | None = None
    difficulty: str | None = None

    def apply(self) -> list[Entry]:
        """The labs that fit, easy ones first. Raises UsageError for a track, domain, objective or skill
        that there is not."""
        from rung.runner.catalog import entries

        wanted = self._objectives()
        if self.skill is not None:
            from rung.runner.catalog import skills

            _known("skill", self.skill, skills())
        found = [e for e in entries() if self._fits(e, wanted)]
        return sorted(found, key=lambda e: (_ORDER.index(e.difficulty), e.name))

    def _objectives(self) -> set[str] | None:
        """Ids of the objectives asked for (None: any)."""
        if (self.track, self.domain, self.objective) == (None, None, None):
            return None
        from rung.runner.catalog import tracks

        every = tracks()
        _known("track", self.track, [t.id for t in every])
        _known("domain", self.domain, [d.id for t in every for d in t.domains])
        _known("objective", self.objective, [o.id for t in every for o in t.objectives()])
        return {
            o.id
            for t in every
            for d in t.domains
            for o in d.objectives
            if self.track in (None, t.id) and self.domain in (None, d.id) and self.objective in (None, o.id)
        }

    def _fits(self, entry: Entry, wanted: set[str] | None) -> bool:
        return (
            (wanted is None or not wanted.isdisjoint(entry.objectives))
            and (self.skill is None or self.skill in entry.skills)
            and (self.difficulty is None or self.difficulty == entry.difficulty)
            and (self.word is None or self._has_word(entry, self.word.lower()))
        )

    @staticmethod
    def _has_word(entry: Entry, word: str) -> bool:
        return any(word in text.lower() for text in (entry.name, entry.title, *entry.objectives, *entry.skills))


def _known(what: str, name: str | None, names: Any) -> None:
    from rung.runner.errors import UsageError
    from rung.runner.words import did_you_mean

    if name is not None and name not in names:
        near = did_you_mean(name, names)
        raise UsageError(f"There is no {what} `{name}`{near or '.'}", fix="`rung labs --json` shows what labs name.")


def labs_data(entries: Sequence[Entry], passed: set[str]) -> list[dict[str, Any]]:
    """The labs as JSON has them."""
    return [
        {
            "name": e.name,
            "title": e.title,
            "kind": e.kind,
            "difficulty": e.difficulty,
            "minutes": e.minutes,
            "machines": e.machines,
            "objectives": list(e.objectives),
            "skills": list(e.skills),
            "capabilities": list(e.capabilities),
            "pack": e.pack,
            "path": str(e.folder),
            "passed": e.name in passed,
        }
        for e in entries
    ]


def labs_page(entries: Sequence[Entry], passed: set[str], driver: Callable[[], Driver]) -> Page:
    """A table, marked with what was passed and with what cannot run here."""
    page = Page()
    if not entries:
        return page.line("No lab fits. ", ("rung labs", "command"), " lists all.")
    lacking = _lacking(entries, driver)
    page.table(("", "LAB", "TITLE", "LEVEL", "TIME", "MACHINES"), [_row(e, passed, lacking) for e in entries])
    page.line().line((f"{count(len(entries), 'lab')}. ", "dim"), ("rung start LAB", "command"), (" begins one.", "dim"))
    missing = sorted({c for e in entries for c in lacking.get(e.name, ())})
    if missing:
        page.line((f"Those marked - need what is missing here: {', '.join(missing)}. ", "dim"),
                  ("rung doctor", "command"), (" says why.", "dim"))  # fmt: skip
    return page


def _row(entry: Entry, passed: set[str], lacking: dict[str, list[str]]) -> tuple[Piece, ...]:
    mark: Piece = ("✓", "passed") if entry.name in passed else ("-", "warning") if entry.name in lacking else " "
    return (mark, (entry.name, "command"), entry.title, entry.difficulty, f"{entry.minutes} min", str(entry.machines))


def _lacking(entries: Sequence[Entry], driver: Callable[[], Driver]) -> dict[str, list[str]]:
    """Lab -> capabilities that it needs and this computer lacks; nothing where no engine can be asked."""
    from rung.runner.errors import RungError

    if not any(e.capabilities or e.kind != "linux" for e in entries):
        return {}
    try:
        has = driver().capabilities()
    except RungError:
        return {}
    found = {e.name: [c for c in _needs(e) if has.get(c, "unknown") is not None] for e in entries}
    return {name: missing for name, missing in found.items() if missing}


def _needs(entry: Entry) -> list[str]:
    return [*entry.capabilities, *(["cluster"] if entry.kind != "linux" else [])]
