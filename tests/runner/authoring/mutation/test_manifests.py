"""YAML and JSON in a script are edited in place: in here-documents and arguments, with expansions in them."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.runner.authoring.mutation.syntax.edit import applied
from rung.runner.authoring.mutation.syntax.manifests import Entry, documents
from rung.runner.authoring.mutation.syntax.shell import Script


def entry(script: Script, path: str) -> Entry:
    (document, *_) = documents(script)
    return next(each for each in document.entries() if ".".join(each.path) == path)


def without(text: str, path: str) -> str | None:
    script = Script(text)
    edit = documents(script)[0].removal(entry(script, path))
    return None if edit is None else applied(text, [edit])


def test_a_field_of_a_block_goes_with_its_lines() -> None:
    text = "k apply -f - <<END\nspec:\n  a: 1\n  b:\n    c: 2\n  d: 3\nEND\n"
    assert without(text, "spec.b") == "k apply -f - <<END\nspec:\n  a: 1\n  d: 3\nEND\n"
    assert without(text, "spec.d") == "k apply -f - <<END\nspec:\n  a: 1\n  b:\n    c: 2\nEND\n"


def test_a_field_in_braces_goes_with_its_comma() -> None:
    text = "k apply -f - <<END\nspec: {a: 1, b: [x, y], c: 3}\nEND\n"
    assert without(text, "spec.a") == "k apply -f - <<END\nspec: {b: [x, y], c: 3}\nEND\n"
    assert without(text, "spec.c") == "k apply -f - <<END\nspec: {a: 1, b: [x, y]}\nEND\n"
    assert without(text, "spec.b.0") == "k apply -f - <<END\nspec: {a: 1, b: [y], c: 3}\nEND\n"


def test_an_element_of_a_block_goes_with_its_dash() -> None:
    text = "k apply -f - <<END\na:\n  - x: 1\n    y: 2\n  - z\nEND\n"
    assert without(text, "a.0") == "k apply -f - <<END\na:\n  - z\nEND\n"
    assert without(text, "a.0.x") == "k apply -f - <<END\na:\n  - y: 2\n  - z\nEND\n"


def test_the_only_entry_of_its_kind_stays() -> None:
    assert without("k apply -f - <<END\na: {b: 1}\nc: 2\nEND\n", "a.b") is None


def test_expansions_of_the_shell_are_part_of_scalars() -> None:
    text = 'k apply -f - <<END\nspec: {storage: ${size}Gi, name: $team-a, p: $(k get x -o jsonpath="{.y}")}\nEND\n'
    assert without(text, "spec.storage") == text.replace("storage: ${size}Gi, ", "")
    script = Script(text)
    document = documents(script)[0]
    assert document.expands(entry(script, "spec.name").value)


def test_a_patch_in_an_argument_is_read_with_its_change_of_quotes() -> None:
    text = """k patch x --type json -p '[{"op": "replace", "path": "/a", "value": "'"$farm"'"}, {"op": "remove"}]'\n"""
    assert without(text, "1") == text.replace(', {"op": "remove"}', "")


def test_a_value_is_replaced_also_a_block() -> None:
    text = "k apply -f - <<END\nspec:\n  podSelector:\n    matchLabels: {a: b}\n  x: 1\nEND\n"
    script = Script(text)
    edit = documents(script)[0].replacement(entry(script, "spec.podSelector"), "{}")
    assert applied(text, [edit]) == "k apply -f - <<END\nspec:\n  podSelector: {}\n  x: 1\nEND\n"


@pytest.mark.parametrize(
    "text",
    [
        "cat > /etc/x <<END\nPasswordAuthentication no\nPermitRootLogin no\nEND\n",
        "cat > /etc/x <<END\n[Service]\nUser=a\nEND\n",
        "cat > /usr/local/bin/x <<END\n#!/bin/sh\necho a: b\nEND\n",
        "sed 's/a: b/c: d/' f",
        "k apply -f - <<END\n{a: [\nEND\n",
    ],
)
def test_other_texts_are_no_documents(text: str) -> None:
    assert documents(Script(text)) == []


_TREES = st.recursive(
    st.sampled_from([1, "x", True]),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1) | st.lists(inner, min_size=1, max_size=3),
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), _TREES, min_size=1), st.sampled_from([True, False]))
def test_what_is_left_without_an_entry_is_the_tree_without_it(tree: dict[str, object], flow: bool) -> None:
    body = yaml.safe_dump(tree, default_flow_style=flow, width=1000, sort_keys=False)
    text = f"k apply -f - <<END\n{body}END\n"
    document = documents(Script(text))[0]
    for each in document.entries():
        edit = document.removal(each)
        if edit is None:
            continue
        left = yaml.safe_load(applied(text, [edit]).removeprefix("k apply -f - <<END\n").removesuffix("END\n"))
        assert left == _without(tree, each.path)


def _without(tree: object, path: tuple[str, ...]) -> object:
    first, *rest = path
    if isinstance(tree, dict):
        return {
            k: _without(v, tuple(rest)) if k == first and rest else v for k, v in tree.items() if k != first or rest
        }
    assert isinstance(tree, list)
    return [
        _without(v, tuple(rest)) if str(at) == first and rest else v
        for at, v in enumerate(tree)
        if str(at) != first or rest
    ]
