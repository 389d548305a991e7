"""Positions the skills of a map, so that labels never overlap and arrows rarely cross. No I/O here.

The method is that of K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of Hierarchical System
Structures", 1981. Each level is a column. An arrow that passes a column takes a slot there. Sweeps from left to right
and back sort each column by the mean position of the neighbours; the order with the fewest crossings is used. Then each
slot gets the height nearest to its neighbours' that the sizes of the boxes allow.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Lengths are in user units of the SVG. Boxes are narrow, so that a dozen levels fit on a printed page.
WIDTH = 134.0  # of a box
COLUMN = 166.0  # from the left edge of a column to that of the next
LINE = 13.0  # height of a line of text
LOWEST = 27.0  # least height of a box, which has room for the state's mark
PADDING = 8.0  # above and below a box's text together
GAP = 10.0  # between two boxes
NEAR = 4.0  # between a passing arrow and a box or another arrow
PASSAGE = 4.0  # height of an arrow's slot in a column that it passes
FONT = 11.0
LEFT = 29.0  # of a box, for the state's mark
_TEXT = WIDTH - LEFT - 10  # width of a line of text; a rung's number covers the right edge
_SWEEPS = 24
_HEIGHT_SWEEPS = 12

# Letters by width, for the widest of the usual sans-serif fonts, so that no text is wider than `text_width` says.
_NARROW, _WIDE = frozenset("ijlI.,:;'|!()[] tfr-/"), frozenset("mwMW@%&—")


@dataclass
class Box:
    """A skill on the map; `x` and `y` are its upper left corner."""

    skill: str
    lines: list[str]
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        return max(LOWEST, LINE * len(self.lines) + PADDING)


@dataclass(frozen=True)
class Arrow:
    """An arrow from a skill to one that requires it, through these points."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Layout:
    """A map: its boxes by skill, the arrows between them, and the x of each level's column."""

    boxes: dict[str, Box]
    arrows: list[Arrow]
    columns: dict[int, float]
    width: float
    height: float


@dataclass
class _Slot:
    """The place of a box, or of a passing arrow, in a column."""

    column: int
    height: float
    box: Box | None = None
    left: list[_Slot] = field(default_factory=list)
    right: list[_Slot] = field(default_factory=list)
    middle: float = 0.0

    def __hash__(self) -> int:
        return id(self)


def wrap_label(text: str, width: float = _TEXT) -> list[str]:
    """Wrap a label into lines no wider than `width`; a wider word is cut."""
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
    """The greatest width of a text in the font size of labels."""
    ems = sum(0.45 if c in _NARROW else 1.0 if c in _WIDE else 0.78 if c.isupper() else 0.65 for c in text)
    return ems * FONT


def arrange(titles: Mapping[str, str], levels: Mapping[str, int], requires: Mapping[str, Sequence[str]]) -> Layout:
    """Lay out skills (id -> title) by level, with an arrow to each from what it requires."""
    columns = {level: number for number, level in enumerate(sorted({levels[skill] for skill in titles}))}
    boxes = {skill: Box(skill, wrap_label(title)) for skill, title in titles.items()}
    slots = {skill: _Slot(columns[levels[skill]], box.height, box) for skill, box in boxes.items()}
    rows: list[list[_Slot]] = [[] for _ in columns]
    for slot in slots.values():
        rows[slot.column].append(slot)
    chains = _chains(slots, rows, requires)
    rows = _with_fewest_crossings(rows)
    _assign_heights(rows)
    return _layout(slots, rows, chains, columns)


Chains = list[tuple[str, str, list[_Slot]]]


def _chains(slots: Mapping[str, _Slot], rows: list[list[_Slot]], requires: Mapping[str, Sequence[str]]) -> Chains:
    """Join each skill with what it requires, by a slot in every column between them."""
    found: Chains = []
    for skill, slot in slots.items():
        for source in (slots[name] for name in requires.get(skill, ()) if name in slots):
            if source.column >= slot.column:
                continue
            chain = [source]
            for column in range(source.column + 1, slot.column):
                chain.append(_Slot(column, PASSAGE))
                rows[column].append(chain[-1])
            chain.append(slot)
            for one, following in itertools.pairwise(chain):
                one.right.append(following)
                following.left.append(one)
            assert source.box is not None
            found.append((source.box.skill, skill, chain))
    return found


def _with_fewest_crossings(rows: list[list[_Slot]]) -> list[list[_Slot]]:
    """The order with the fewest crossings among those of all sweeps."""
    best, fewest = [list(row) for row in rows], crossings(rows)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1)
        for number in order:
            neighbour = {s: float(n) for n, s in enumerate(rows[number - 1 if forward else number + 1])}
            own = {s: float(n) for n, s in enumerate(rows[number])}
            centre = {s: _mean((neighbour[o] for o in (s.left if forward else s.right)), own[s]) for s in own}
            rows[number] = sorted(rows[number], key=lambda s: (centre[s], own[s]))
        total = crossings(rows)
        if total < fewest:
            best, fewest = [list(row) for row in rows], total
    return best


def crossings(rows: Sequence[Sequence[_Slot]]) -> int:
    """The number of pairs of arrows that cross between neighbouring columns."""
    total = 0
    for row, following in itertools.pairwise(rows):
        position = {slot: n for n, slot in enumerate(following)}
        ends: list[int] = []
        for slot in row:
            own_ends = sorted(position[target] for target in slot.right)
            total += sum(len(ends) - bisect_left(ends, end + 1) for end in own_ends)
            for end in own_ends:
                insort(ends, end)
    return total


def _assign_heights(rows: list[list[_Slot]]) -> None:
    """Give each slot a height near its neighbours', in the row's order and without touching."""
    for row in rows:
        _place(row, [0.0] * len(row))
    for sweep in range(_HEIGHT_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean((o.middle for o in (*s.left, *s.right)), s.middle) for s in row]
            _place(row, wanted)


def _place(row: Sequence[_Slot], wanted: Sequence[float]) -> None:
    """Set the heights nearest to those wanted (least squares) that keep order and distance: pool adjacent violators."""
    offsets = [0.0]
    for one, following in itertools.pairwise(row):
        gap = GAP if one.box and following.box else NEAR
        offsets.append(offsets[-1] + (one.height + following.height) / 2 + gap)
    blocks: list[tuple[float, int]] = []  # mean, number of slots
    for height, offset in zip(wanted, offsets, strict=False):
        mean, size = height - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (other * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    means = [mean for mean, size in blocks for _ in range(size)]
    for slot, mean, offset in zip(row, means, offsets, strict=False):
        slot.middle = mean + offset


def _layout(slots: Mapping[str, _Slot], rows: list[list[_Slot]], chains: Chains, columns: Mapping[int, int]) -> Layout:
    top = min((slot.middle - slot.height / 2 for row in rows for slot in row), default=0.0)
    bottom = max((slot.middle + slot.height / 2 for row in rows for slot in row), default=0.0)
    boxes: dict[str, Box] = {}
    for skill, slot in slots.items():
        assert slot.box is not None
        slot.box.x, slot.box.y = slot.column * COLUMN, slot.middle - slot.height / 2 - top
        boxes[skill] = slot.box
    arrows = [Arrow(source, target, tuple(_points(chain, top))) for source, target, chain in chains]
    width = (len(rows) - 1) * COLUMN + WIDTH if rows else 0.0
    return Layout(boxes, arrows, {level: n * COLUMN for level, n in columns.items()}, width, bottom - top)


def _points(chain: Sequence[_Slot], top: float) -> Iterable[tuple[float, float]]:
    """The points of an arrow: from the right edge of the first box, straight through columns, to the last box."""
    first, *passages, last = chain
    yield first.column * COLUMN + WIDTH, first.middle - top
    for slot in passages:
        yield slot.column * COLUMN, slot.middle - top
        yield slot.column * COLUMN + WIDTH, slot.middle - top
    yield last.column * COLUMN, last.middle - top


def _mean(values: Iterable[float], default: float) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else default
