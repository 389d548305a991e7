"""The skill map: a self-contained SVG for browsers, print and reports.

Each state has a colour, a shape and a letter, so the map is readable without colours and in print. The colours are from
the palette by M. Okabe and K. Ito, which people with any kind of colour vision can distinguish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rung.runner.learning.map_layout import FONT, LEFT, LINE, WIDTH, Box, Layout, arrange, text_width
from rung.runner.learning.readiness import Reach, state_word
from rung.runner.learning.skill_state import SkillState, Standing

if TYPE_CHECKING:
    from datetime import date

    from rung.runner.catalog.tracks import Track
    from rung.runner.learning.learner import Learner
    from rung.runner.learning.skill_graph import SkillGraph

_TEMPLATES = Path(__file__).parent / "templates"
MARGIN = 28.0
_HEAD = 74.0  # above the first box: the title, and the levels
_KEY_ROW = 24.0  # height of a row of the key
_KEY_COLUMN = 190.0  # width of an entry of the key


@dataclass(frozen=True)
class MapStyle:
    """How a state is drawn: the class in the style sheet, a letter, a shape, and its caption in the key."""

    kind: str
    letter: str
    shape: str
    caption: str


# Shapes are SVG paths around (0, 0), about 20 units wide.
_CIRCLE = "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z"
_SQUARE = "M-8 -8h16v16h-16z"
_DIAMOND = "M0 -11L11 0L0 11L-11 0z"
_DOWN = "M-11 -8h22L0 11z"
_HEXAGON = "M-5 -9h10L10 0L5 9h-10L-10 0z"
_CROSS = "M-8 -8h16v16h-16zM-8 -8L8 8M8 -8L-8 8"
STATE_STYLES = {
    SkillState.HELD.value: MapStyle("held", "H", _CIRCLE, "held"),
    SkillState.SHOWN.value: MapStyle("shown", "S", _SQUARE, "shown once"),
    SkillState.FADING.value: MapStyle("fading", "F", _DOWN, "fading"),
    SkillState.AGAIN.value: MapStyle("again", "A", _DIAMOND, "to do again"),
    SkillState.ASSUMED.value: MapStyle("assumed", "~", _HEXAGON, "assumed"),
    SkillState.NEVER.value: MapStyle("never", "", _CIRCLE, "never tried"),
    "no lab": MapStyle("nolab", "L", _SQUARE, "no lab yet"),
    "beyond reach": MapStyle("beyond", "", _CROSS, "beyond reach here"),
}


def map_of(learner: Learner, tracks: Sequence[Track], identity: str = "map", *, dark: bool = True) -> str:
    """The map of the skills that these tracks need, with the next rungs.

    `identity` is a prefix for element ids, unique in the page. Without `dark` the map is light in every browser.
    """
    view = learner.view(tracks)
    skills = [skill for skill in learner.graph.skills if skill in view.wanted]
    rungs = {proposal.lab.name: proposal.lab.skills for proposal in learner.next(tracks)}
    title = "Skills for " + " and ".join(track.id for track in tracks)
    return map_svg(
        skills,
        learner.graph,
        learner.standings,
        learner.reach,
        rungs,
        title=title,
        day=learner.today,
        identity=identity,
        dark=dark,
    )


def map_svg(
    skills: Sequence[str],
    graph: SkillGraph,
    standings: Mapping[str, Standing],
    reach: Mapping[str, Reach],
    rungs: Mapping[str, Sequence[str]],
    *,
    title: str,
    day: date,
    identity: str = "map",
    dark: bool = True,
) -> str:
    """Draw skills as nodes by level, marked by state; `rungs` (lab -> its skills, best first) are numbered."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    shown = set(skills)
    layout = arrange(
        {skill: graph.title(skill) for skill in skills},
        {skill: graph.level(skill) for skill in skills},
        {skill: graph.requires(skill) for skill in skills},
    )
    words = {skill: state_word(standings.get(skill) or Standing(skill), reach.get(skill, "no lab")) for skill in skills}
    counts = Counter(words.values())
    key = [(style, counts[word]) for word, style in STATE_STYLES.items() if counts[word]]
    per_row = max(1, int(max(layout.width, _KEY_COLUMN) // _KEY_COLUMN))
    below = _HEAD + layout.height + 34
    rows = -(-len(key) // per_row)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("map.svg").render(
        identity=identity,
        dark=dark,
        title=title,
        day=day.isoformat(),
        description=_description(key, rungs),
        width=max(layout.width, text_width(title) * 2, _KEY_COLUMN) + 2 * MARGIN,
        height=below + (rows + len(rungs)) * _KEY_ROW + MARGIN,
        margin=MARGIN,
        head=_HEAD,
        font=FONT,
        box_width=WIDTH,
        left=LEFT,
        columns=layout.columns,
        nodes=[_node(box, words[skill], rungs, standings.get(skill)) for skill, box in layout.boxes.items()],
        requires=[_curve(arrow.points) for arrow in layout.arrows],
        helps=_helps(layout, graph, shown),
        key=[
            {"style": style, "count": count, "x": (n % per_row) * _KEY_COLUMN, "y": below + n // per_row * _KEY_ROW}
            for n, (style, count) in enumerate(key)
        ],
        rungs=[{"number": n, "lab": lab, "y": below + (rows + n - 1) * _KEY_ROW} for n, lab in enumerate(rungs, 1)],
    )


def _description(key: Sequence[tuple[MapStyle, int]], rungs: Mapping[str, Sequence[str]]) -> str:
    counts = ", ".join(f"{count} {style.caption}" for style, count in key)
    next_rungs = f" Next rungs: {', '.join(rungs)}." if rungs else ""
    return f"Skills by level from left to right, a line from each to what requires it: {counts}.{next_rungs}"


def _node(box: Box, word: str, rungs: Mapping[str, Sequence[str]], standing: Standing | None) -> dict[str, Any]:
    numbers = [number for number, skills in enumerate(rungs.values(), 1) if box.skill in skills]
    last = standing.last if standing else None
    when = f", last tried {last.day.isoformat()}" if last else ""
    first_line = (box.height - LINE * len(box.lines)) / 2 + FONT - 1
    return {
        "skill": box.skill,
        "x": box.x,
        "y": box.y,
        "height": box.height,
        "style": STATE_STYLES[word],
        "lines": [(line, first_line + LINE * number) for number, line in enumerate(box.lines)],
        "number": numbers[0] if numbers else None,
        "caption": f"{' '.join(box.lines)} ({box.skill}): {STATE_STYLES[word].caption}{when}",
    }


def _helps(layout: Layout, graph: SkillGraph, shown: set[str]) -> list[str]:
    """Paths of the faint lines from what makes a skill easier."""
    pairs = [(name, skill) for skill in layout.boxes for name in graph.helps(skill) if name in shown]
    boxes = layout.boxes
    return [
        _curve(((boxes[a].x + WIDTH, boxes[a].y + boxes[a].height / 2), (boxes[b].x, boxes[b].y + boxes[b].height / 2)))
        for a, b in pairs
        if boxes[a].x < boxes[b].x
    ]


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """An SVG path through points: curved between columns, straight through them."""
    (x, y), *rest = points
    path = [f"M{x:.1f} {y:.1f}"]
    for number, (to_x, to_y) in enumerate(rest):
        if number % 2:
            path.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            half = (to_x - x) / 2
            path.append(f"C{x + half:.1f} {y:.1f} {to_x - half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(path)
