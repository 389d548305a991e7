"""An exam's result as one self-contained HTML page, also for print. All of its HTML is in the template."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from rung.runner.render.exam_report import asides
from rung.runner.render.exams import format_points
from rung.runner.render.page import count, duration

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

    from rung.runner.exams.result_format import ExamReportJson

_TEMPLATE = "exam-report.html"


def html(report: ExamReportJson, skill_map: str = "") -> str:
    """The page. `skill_map` is an SVG picture by `render.map`; the page has no map where it is empty."""
    from markupsafe import Markup

    points = report["points"]
    return _template().render(
        report=report,
        percent=100 * report["score"] / points if points else 0.0,
        mark_percent=100 * report["pass_mark"] / points if points else 0.0,
        asides=asides(report),
        longest=max((question["seconds"] for question in report["questions"]), default=0),
        skill_map=Markup(skill_map),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    import jinja2

    folder = str(resources.files("rung.runner.render").joinpath("templates"))
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"markdown": _markdown, "points": format_points, "duration": duration}
    env.globals["count"] = count
    return env.get_template(_TEMPLATE)


def _markdown(text: str) -> Markup:
    """A lab author's text; HTML in it is shown as text."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup, escape

    renderer: Any = MarkdownIt("commonmark", {"html": False})
    # The page loads nothing from elsewhere, so a picture is replaced by its description.
    renderer.add_render_rule("image", lambda _self, tokens, at, _options, _env: str(escape(tokens[at].content)))
    return Markup(renderer.render(text))
