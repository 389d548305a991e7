"""Where each skill of a map stands, so that labels never overlap and lines rarely cross. No I/O here.

Levels are columns. A line that passes a column takes a place of its own there (K. Sugiyama, S. Tagawa and M. Toda,
"Methods for Visual Understanding of Hierarchical System Structures", 1981): columns are sorted by the mean place of
their neighbours, to and fro, and the order with the fewest crossings is kept. Heights then come as near to the
neighbours' as the boxes' sizes allow.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# All lengths are in user units of the SVG. Boxes are narrow, so that a dozen levels can be read on a printed page.
WIDTH = 134.0  # of a box
COLUMN = 166.0  # from one column's left to the next one's
LINE = 13.0  # height of a line of text
LOWEST = 27.0  # of a box: room for the mark of its state
PADDING = 8.0  # of a box's text, above and below together
GAP = 10.0  # between two boxes
NEAR = 4.0  # between a box and a line that passes, or two of them
PASSAGE = 4.0  # what a line takes that passes a column
FONT = 11.0
LEFT = 29.0  # of a box, for the mark of its state
_TEXT = WIDTH - LEFT - 10  # what a line of text may take of a box; a rung's number stands on its right edge
_SWEEPS = 24
_SETTLE = 12

# Widths of letters in ems, of the widest of the usual sans-serif faces: a text is never wider than what they add up to.
_NARROW, _WIDE = frozenset("ijlI.,:;'|!()[] tfr-/"), frozenset("mwMW@%&—")


@dataclass
class Box:
    """A skill on the map; `x`, `y` are its upper left corner."""

    skill: str
    lines: list[str]
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        return max(LOWEST, LINE * len(self.lines) + PADDING)


@dataclass(frozen=True)
class Arrow:
    """A line from a skill to one that requires it, by the points that it goes through."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Layout:
    """A map: boxes, lines between them, and the x of each level's column."""

    boxes: dict[str, Box]
    ways: list[Arrow]
    columns: dict[int, float]
    width: float
    height: float


@dataclass
class _Slot:
    """A box, or the passage of a line, in its column."""

    column: int
    height: float
    box: Box | None = None
    left: list[_Slot] = field(default_factory=list)
    right: list[_Slot] = field(default_factory=list)
    middle: float = 0.0

    def __hash__(self) -> int:
        return id(self)


def wrap_label(text: str, width: float = _TEXT) -> list[str]:
    """A label in lines that are no wider than `width`; a word that is wider is cut."""
    lines = [""]
    for word in text.split():
        while text_width(word) > width:
            fits = next((n for n in range(len(word), 1, -1) if text_width(word[:n]) <= width), 1)
            # Custom|Resource|Definitions rather than CustomResour|ceDefinitions
            cut = next((n for n in range(fits, 3, -1) if word[n].isupper() and word[n - 1].islower()), fits)
            lines.append(word[:cut])
            word = word[cut:]
        joined = f"{lines[-1]} {word}".strip()
        if text_width(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]


def text_width(text: str) -> float:
    """At most so wide is a text, in the font size of labels."""
    ems = sum(0.45 if c in _NARROW else 1.0 if c in _WIDE else 0.78 if c.isupper() else 0.65 for c in text)
    return ems * FONT


def arrange(titles: Mapping[str, str], levels: Mapping[str, int], requires: Mapping[str, Sequence[str]]) -> Layout:
    """Lay out skills (id -> title) by level, with lines from what each requires."""
    columns = {level: number for number, level in enumerate(sorted({levels[skill] for skill in titles}))}
    places = {
        skill: _Slot(columns[levels[skill]], 0.0, Box(skill, wrap_label(title))) for skill, title in titles.items()
    }
    for place in places.values():
        assert place.box is not None
        place.height = place.box.height
    rows: list[list[_Slot]] = [[] for _ in columns]
    for place in places.values():
        rows[place.column].append(place)
    chains = _chains(places, rows, requires)
    rows = _uncrossed(rows)
    _settle(rows)
    return _layout(places, rows, chains, columns)


Chains = list[tuple[str, str, list[_Slot]]]


def _chains(places: Mapping[str, _Slot], rows: list[list[_Slot]], requires: Mapping[str, Sequence[str]]) -> Chains:
    """Join each skill with what it requires, through a passage in every column between them."""
    found: Chains = []
    for skill, place in places.items():
        for source in (places[name] for name in requires.get(skill, ()) if name in places):
            if source.column >= place.column:
                continue
            chain = [source]
            for column in range(source.column + 1, place.column):
                chain.append(_Slot(column, PASSAGE))
                rows[column].append(chain[-1])
            chain.append(place)
            for one, following in itertools.pairwise(chain):
                one.right.append(following)
                following.left.append(one)
            assert source.box is not None
            found.append((source.box.skill, skill, chain))
    return found


def _uncrossed(rows: list[list[_Slot]]) -> list[list[_Slot]]:
    """The order with the fewest crossings of those that the sweeps come by."""
    best, fewest = [list(row) for row in rows], crossings(rows)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1)
        for number in order:
            place = {p: float(n) for n, p in enumerate(rows[number - 1 if forward else number + 1])}
            here = {p: float(n) for n, p in enumerate(rows[number])}
            centre = {p: _mean((place[q] for q in (p.left if forward else p.right)), here[p]) for p in here}
            rows[number] = sorted(rows[number], key=lambda p: (centre[p], here[p]))
        now = crossings(rows)
        if now < fewest:
            best, fewest = [list(row) for row in rows], now
    return best


def crossings(rows: Sequence[Sequence[_Slot]]) -> int:
    """How many pairs of lines cross between neighbouring columns."""
    total = 0
    for row, following in itertools.pairwise(rows):
        place = {p: n for n, p in enumerate(following)}
        ends: list[int] = []
        for one in row:
            mine = sorted(place[q] for q in one.right)
            total += sum(len(ends) - bisect_left(ends, end + 1) for end in mine)
            for end in mine:
                insort(ends, end)
    return total


def _settle(rows: list[list[_Slot]]) -> None:
    """Give each place a height: in its order, without touching, near to its neighbours."""
    for row in rows:
        _spread(row, [0.0] * len(row))
    for sweep in range(_SETTLE):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wished = [_mean((q.middle for q in (*p.left, *p.right)), p.middle) for p in row]
            _spread(row, wished)


def _spread(row: Sequence[_Slot], wished: Sequence[float]) -> None:
    """The heights nearest to those wished for (least squares) that keep order and distance: pool adjacent violators."""
    offsets = [0.0]
    for one, following in itertools.pairwise(row):
        gap = GAP if one.box and following.box else NEAR
        offsets.append(offsets[-1] + (one.height + following.height) / 2 + gap)
    blocks: list[tuple[float, int]] = []  # mean, how many
    for wish, offset in zip(wished, offsets, strict=False):
        mean, size = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (other * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    means = [mean for mean, size in blocks for _ in range(size)]
    for place, mean, offset in zip(row, means, offsets, strict=False):
        place.middle = mean + offset


def _layout(places: Mapping[str, _Slot], rows: list[list[_Slot]], chains: Chains, columns: Mapping[int, int]) -> Layout:
    top = min((p.middle - p.height / 2 for row in rows for p in row), default=0.0)
    bottom = max((p.middle + p.height / 2 for row in rows for p in row), default=0.0)
    boxes: dict[str, Box] = {}
    for skill, place in places.items():
        assert place.box is not None
        place.box.x, place.box.y = place.column * COLUMN, place.middle - place.height / 2 - top
        boxes[skill] = place.box
    ways = [Arrow(source, target, tuple(_points(chain, top))) for source, target, chain in chains]
    width = (len(rows) - 1) * COLUMN + WIDTH if rows else 0.0
    return Layout(boxes, ways, {level: n * COLUMN for level, n in columns.items()}, width, bottom - top)


def _points(chain: Sequence[_Slot], top: float) -> Iterable[tuple[float, float]]:
    """Where a line goes: from the right edge of the first box, straight through passages, to the left of the last."""
    first, *passages, last = chain
    yield first.column * COLUMN + WIDTH, first.middle - top
    for place in passages:
        yield place.column * COLUMN, place.middle - top
        yield place.column * COLUMN + WIDTH, place.middle - top
    yield last.column * COLUMN, last.middle - top


def _mean(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else otherwise
