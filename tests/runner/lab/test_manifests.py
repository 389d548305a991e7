"""setup.yaml: several documents, templates in scalars, each mistake with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rung.runner.core.errors import LabFileError
from rung.runner.lab import manifests


def read(tmp_path: Path, text: str, **values: object) -> list[dict[str, object]]:
    (tmp_path / "setup.yaml").write_text(text)
    return manifests.read(tmp_path, values)


def mistakes(tmp_path: Path, text: str, **values: object) -> list[str]:
    with pytest.raises(LabFileError) as caught:
        read(tmp_path, text, **values)
    return str(caught.value).replace(f"{tmp_path}/", "").split("\n")


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: '{{ team }}'}\n"


def test_a_lab_without_the_file_has_no_manifests(tmp_path: Path) -> None:
    assert manifests.read(tmp_path, {}) == []


def test_each_document_is_a_manifest_and_its_templates_are_filled_in(tmp_path: Path) -> None:
    found = read(
        tmp_path, f"# the team's\n---\n{NAMESPACE}---\n{NAMESPACE.replace('team', 'other')}", team="red", other="blue"
    )
    assert [m["metadata"] for m in found] == [{"name": "red"}, {"name": "blue"}]


def test_a_template_keeps_the_type_of_its_value(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: X\nmetadata: {name: x}\nspec: {replicas: '{{ n }}', word: 'n{{ n }}'}\n"
    assert read(tmp_path, text, n=3)[0]["spec"] == {"replicas": 3, "word": "n3"}


def test_mistakes_have_the_line_numbers_of_the_file(tmp_path: Path) -> None:
    text = f"{NAMESPACE}---\nkind: Pod\nmetadata: {{name: '{{{{ tem }}}}'}}\n---\n- a\n"
    assert mistakes(tmp_path, text, team="red") == [
        "setup.yaml:5:1: this manifest has no `apiVersion`",
        "setup.yaml:6:18: in the template: 'tem' is undefined; did you mean `team`?",
        "setup.yaml:8:1: expected a manifest with `apiVersion`, `kind` and `metadata`, found a list",
    ]


def test_a_file_that_is_not_yaml_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "a: [\n")[0].startswith("setup.yaml:2:1: this is not YAML: ")


def test_manifests_are_applied_as_one_list(tmp_path: Path) -> None:
    assert json.loads(manifests.text(read(tmp_path, NAMESPACE, team="red"))) == {
        "apiVersion": "v1",
        "kind": "List",
        "items": [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "red"}}],
    }


TYPED = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: x, labels: {n: "{{ n }}"}}
data:
  bees: "{{ n }}"
  text: "{{ n | string }}"
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  nodeSelector: {fast: true}
  containers:
    - {name: c, image: i, env: [{name: PORT, value: "{{ n }}"}], ports: [{containerPort: "{{ n }}"}]}
"""


def test_a_number_where_the_api_wants_text_is_a_mistake_before_a_machine_is_made(tmp_path: Path) -> None:
    assert mistakes(tmp_path, TYPED, n=3) == [
        "setup.yaml:3:33: `n`: the API wants a text here, found `3`: quote it, or write `| string`",
        "setup.yaml:5:9: `bees`: the API wants a text here, found `3`: quote it, or write `| string`",
    ]
    assert mistakes(tmp_path, POD, n=3) == [
        "setup.yaml:5:24: `fast`: the API wants a text here, found true: quote it, or write `| string`",
        "setup.yaml:7:53: `value`: the API wants a text here, found `3`: quote it, or write `| string`",
    ]
