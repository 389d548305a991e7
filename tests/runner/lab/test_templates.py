"""Templates: expressions over values, and nothing that could do harm."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.runner.lab.templates import TemplateMistake, is_template, render

ONLY = "cannot be used here, only values, filters and operators"
VALUES: dict[str, Any] = {"person": "alice", "uid": 2001, "names": ["x", "y"], "yes": True, "share": 1.5}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ person }}", "alice"),
        ("{{ uid }}", 2001),
        ("{{ names }}", ["x", "y"]),
        ("{{ yes }}", True),
        (" {{ uid }} ", 2001),
        ("{{- uid -}}", 2001),
        ("id {{ uid }}", "id 2001"),
        ("{{ person }}{{ uid }}", "alice2001"),
        ("{{ names }} {{ yes }}", "x, y true"),
        ("{{ uid + 1 }}", 2002),
        ("{{ '/home/' + person }}", "/home/alice"),
        ("{{ names[0] }}", "x"),
        ("{{ names[-1] }}", "y"),
        ("{{ names[:1] }}", ["x"]),
        ("{{ names | join('-') }}", "x-y"),
        ("{{ person | upper }} {{ names | length }}", "ALICE 2"),
        ("{{ person | replace('a', 'o') }}", "olice"),
        ("{{ uid | string }}", "2001"),
        ("{{ 'a' if yes else 'b' }}", "a"),
        ("{% if yes %}a{% else %}b{% endif %}", "a"),
        ("{{ 7 // 2 }}-{{ 2 ** 3 }}-{{ 7 % 4 }}", "3-8-3"),
        ("{% raw %}{{.Names}}{% endraw %}", "{{.Names}}"),
        ("{{ '{{.Names}}' }}", "{{.Names}}"),
        ("line {{ uid }}\n", "line 2001\n"),
        ("${#names[@]} {{ person | lower }}", "${#names[@]} alice"),
    ],
)
def test_templates_are_filled_in_and_single_expressions_keep_their_type(text: str, result: Any) -> None:
    assert render(text, VALUES) == result
    assert type(render(text, VALUES)) is type(result)


def test_an_expression_with_a_line_end_is_a_text_and_keeps_it() -> None:
    assert render("{{ n }}\n", {"n": 3}) == "3\n"
    assert render("{{ n + 1 }}\n", {"n": 3}) == "4\n"


def test_what_is_a_template() -> None:
    assert is_template("{{ x }}")
    assert is_template("{% if x %}")
    assert not is_template("${x} {x} %{http_code} ${#x[@]}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ persn }}", "in the template: 'persn' is undefined"),
        ("x {{ persn }}", "in the template: 'persn' is undefined"),
        ("{{ names[5] }}", "in the template: list object has no element 5"),
        ("{{ ''.__class__ }}", f"in the template: attributes (`.__class__`) {ONLY}"),
        ("{{ ''['__class__'] }}", "in the template: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ person.upper() }}", f"in the template: calls {ONLY}"),
        ("{{ range(10**12)|join }}", f"in the template: calls {ONLY}"),
        ("{{ range }}", "in the template: 'range' is undefined"),
        ("{% for x in names %}{% endfor %}", f"in the template: loops {ONLY}"),
        ("{% set x = 1 %}", f"in the template: `assign` {ONLY}"),
        ("{% include '/etc/passwd' %}", f"in the template: `include` {ONLY}"),
        ("{% macro x() %}{% endmacro %}", f"in the template: `macro` {ONLY}"),
        ("{{ person ~ person }}", f"in the template: `concat` {ONLY}"),
        ("{{ 'a'*10**9 }}", "in the template: only numbers can be multiplied"),
        ("{{ names * 1000 }}", "in the template: only numbers can be multiplied"),
        ("{{ 9**9**9 }}", "in the template: an intermediate number is too large"),
        ("{{ 2**1000 }}", "in the template: `**` is for small numbers only"),
        ("{{ names | string }}", "in the template: a list becomes text by `join` only"),
        ("{{ '%999999999d' % 5 }}", "in the template: `%` is for numbers only"),
        ("{{ 2**60 }}", "in the template: an intermediate number is too large"),
        ("{{ 1 // 0 }}", "in the template: integer division or modulo by zero"),
        ("{{ person | uper }}", "in the template: unknown filter `uper`; did you mean `upper`?"),
        ("{{ person | attr('x') }}", "in the template: unknown filter `attr`"),
        ("{{ person | center(1000000000) }}", "in the template: unknown filter `center`"),
        ("{{ person | replace('', 'x') }}", "in the template: there is no text to replace"),
        ("{{ }}", "in the template: Expected an expression, got 'end of print statement'"),
        ("{{ person", "in the template: unexpected end of template, expected 'end of print statement'."),
        ("x" * 20000 + "{{ person }}", "this template is longer than 16384 characters"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_do_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(TemplateMistake) as caught:
        render(text, VALUES)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + "-" * 8000 + "1 }}",
        "{{ " + "not " * 4000 + "1 }}",
        "{{ " + "[" * 5000 + "]" * 5000 + " }}",
        "{{ " + "[" * 60 + "'\\\\'" + "]|string" * 60 + " }}",
        "{{ " + "[" * 60 + "'\\\\'" + "]|join|upper" * 60 + "|join('x', 5) }}",
        "{{ (((long+long)+(long+long))+((long+long)+(long+long)))|replace('x', long) }}",
        "{{ names|join(long) + " * 50 + "1" + "}}",
        "{{ [long" + ", long" * 2000 + "]|join(long) }}",
        "{% if 1 %}" * 1000 + "{% endif %}" * 1000,
        "{{ person " + "if yes else person " * 700 + "}}",
    ],
)
def test_what_would_take_all_memory_or_time_is_refused_soon(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(TemplateMistake):
        render(text, VALUES | {"long": "x" * 1000})
    assert time.monotonic() - started < 3


def test_names_alone_need_no_template_engine() -> None:
    code = (
        "import sys; from rung.runner.lab.templates import render; "
        "assert render('{{ a }} and {{b}}', {'a': 1, 'b': 'x'}) == '1 and x'; assert 'jinja2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


WORDS = "{{ }} {% %} person names uid | join [ ] 0 ( ) + * ** % if else endif for in x . ~ , - replace not"
PIECES = [*WORDS.split(), " ", "'", "__class__", "list", "string"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_any_template_gives_a_value_or_a_mistake(text: str) -> None:
    try:
        result = render("{{" + text, VALUES)
    except TemplateMistake:
        return
    assert isinstance(result, str | int | float | bool | list | None)
