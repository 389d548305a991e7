"""lab.yaml becomes a Lab, or all mistakes in it are reported with their places."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rung.checks.kinds import load_kinds
from rung.runner.core.errors import LabFileError
from rung.runner.lab.loader import environment, load
from rung.runner.lab.model import Lab

HEAD = """\
title: A user and a group
objectives: [rhcsa10-9.01]
difficulty: easy
minutes: 10
environment:
  machines: [{name: node1}, {name: node2}]
"""
TASKS = """\
tasks:
  - id: account
    text: Create the user `alice`.
    expect:
      - user: alice
"""


def write(folder: Path, text: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "lab.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def reported(folder: Path, text: str | bytes | None = None) -> list[str]:
    """The mistakes of the lab, without the folder before them."""
    if text is not None:
        write(folder, text)
    with pytest.raises(LabFileError) as error:
        load(folder)
    assert error.value.exit_code == 2
    return [str(mistake).removeprefix(f"{folder}/") for mistake in error.value.mistakes]


def expectation(text: str) -> str:
    """A lab whose one task expects this (line 11)."""
    return HEAD + "tasks:\n  - id: t\n    text: Do it.\n    expect:\n      - " + text + "\n"


def test_a_lab_is_read_with_its_templates_filled_in(tmp_path: Path) -> None:
    lab = load(
        write(
            tmp_path / "people",
            HEAD
            + "values:\n  person: [alice, bruno]\n  uid: {range: [2001, 2999]}\n  home: '/home/{{ person }}'\n"
            + "reboot: true\ntasks:\n  - id: account\n    text: Create `{{ person }}`.\n    hint: Try man.\n"
            + "    expect:\n      - user: '{{ person }}'\n        uid: '{{ uid }}'\n        home: '{{ home }}'\n"
            + "        points: 3\n      - file: /etc/x\n        mode: 0640\n"
            + "        control: {user: alice, on: node2}\n",
        ),
        seed=7,
    )
    assert (lab.name, lab.seed, lab.first, lab.rebooted()) == ("people", 7, "node1", ["node1", "node2"])
    person, uid = lab.values["person"], lab.values["uid"]
    assert lab.tasks[0].text == f"Create `{person}`."
    assert lab.tasks[0].hint == ["Try man."]
    user, file = lab.tasks[0].expect
    assert user.model_dump(include={"user", "uid", "home", "points"}) == {
        "user": person,
        "uid": uid,
        "home": f"/home/{person}",
        "points": 3,
    }
    assert (file.kind, file.control and file.control.kind, file.control and file.control.on) == (
        "file",
        "user",
        "node2",
    )
    assert environment(lab) == {"person": person, "uid": str(uid), "home": f"/home/{person}", "RUNG_SEED": "7"}


def test_seeds_draw_and_no_seed_is_one(tmp_path: Path) -> None:
    folder = write(tmp_path, HEAD + "values: {n: {range: [1, 1000000]}}\n" + TASKS)
    assert len({load(folder, seed).values["n"] for seed in range(30)}) == 30
    assert load(folder).seed == load(folder, 1).seed == 1


def test_whole_numbers_serve_as_text_where_text_is_wanted(tmp_path: Path) -> None:
    lab = load(
        write(
            tmp_path, HEAD + "values: {n: [5]}\n" + TASKS.replace("alice\n", "alice\n        comment: '{{ n }}'\n", 2)
        )
    )
    assert lab.tasks[0].expect[0].model_dump()["comment"] == "5"


def test_all_mistakes_come_at_once_with_their_places_and_suggestions(tmp_path: Path) -> None:
    assert reported(
        tmp_path,
        """\
titel: People
objectives: [rhcsa10-9.1]
skills: [lin.user]
difficulty: eassy
minutes: ten
environment:
  machines: [{name: node1, imag: linux}, {name: Node2}, {name: node1}]
capabilities: [reboot, inet]
values:
  uid: {range: [2001, 200]}
reboot: [node3]
tasks:
  - id: account
    text: Create the user `{{ persn }}`.
    needs: [acl, nope]
    expect:
      - user: alice
        grups: [sysadmin]
        points: three
        same: [uidd]
      - usr: bob
      - user: x
        package: y
      - 5
      - group: a
        on: nod1
        control: {group: b, on: nope}
  - id: acl
    needs: [account]
    text: ""
    expect:
      - group: c
        when: rebooted
      - group: d
  - id: acl
    text: 5
    expect: {group: e}
""",
    ) == [
        "lab.yaml:1:1: `title` is missing",
        "lab.yaml:1:1: unknown key `titel`; did you mean `title`?",
        "lab.yaml:2:14: unknown objective `rhcsa10-9.1`; did you mean `rhcsa10-9.01`?",
        "lab.yaml:3:10: unknown skill `lin.user`; did you mean `lin.users`?",
        "lab.yaml:4:13: `difficulty`: expected easy, medium or hard, found `eassy`; did you mean `easy`?",
        "lab.yaml:5:10: `minutes`: expected a whole number, found `ten`",
        "lab.yaml:7:28: unknown key `imag`; did you mean `image`?",
        "lab.yaml:7:49: `name`: expected lower-case letters, digits and `-`, first a letter, at most 32, found `Node2`",
        "lab.yaml:7:64: two machines are called `node1`",
        "lab.yaml:8:16: the capability `reboot` is derived from the rest of the file: leave it out",
        "lab.yaml:8:24: unknown capability `inet`; did you mean `internet`?",
        "lab.yaml:10:16: expected two whole numbers, the smaller one first",
        "lab.yaml:11:10: there is no machine `node3`; did you mean `node1`?",
        "lab.yaml:14:11: in the template: 'persn' is undefined",
        "lab.yaml:15:12: these tasks need each other: account -> acl -> account",
        "lab.yaml:15:18: there is no task `nope`",
        "lab.yaml:18:9: unknown key `grups`; did you mean `groups`?",
        "lab.yaml:19:17: `points`: expected a whole number, found `three`",
        "lab.yaml:21:9: this expectation names no kind: unknown key `usr`; did you mean `user`?",
        "lab.yaml:23:9: `user` and `package` are two kinds: make two expectations of them",
        "lab.yaml:24:9: expected a mapping such as `user: alice`, found `5`",
        "lab.yaml:26:13: there is no machine `nod1`; did you mean `node1`?",
        "lab.yaml:27:33: there is no machine `nope`; did you mean `node1`?",
        "lab.yaml:30:11: `text`: must not be empty",
        "lab.yaml:34:9: the id `group` is the default of two expectations here: give this one an `id`",
        "lab.yaml:35:9: two tasks have the id `acl`",
        "lab.yaml:37:13: `expect`: expected a list, found a mapping",
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("user: alice\n        same: [uidd]",
         ["12:16: `same`: unknown fact `uidd` of kind user (known: uid); did you mean `uid`?"]),
        ("user: alice\n        id: x\n      - group: b\n        id: x", ["14:9: the id `x` is used twice here"]),
        ("user: alice\n        control: {usr: b}",
         ["12:18: this expectation names no kind: unknown key `usr`; did you mean `user`?"]),
        ("user: alice\n        control: 5", ["12:18: expected a mapping such as `user: alice`, found `5`"]),
        ("{}", ["11:9: this expectation names no kind"]),
        ("points: 1", ["11:9: this expectation names no kind"]),
        ("user: alice\n        when: rebooted", ["12:15: `when: rebooted` needs `reboot: true` in the lab"]),
        ("user: alice\n        when: reboot",
         ["12:15: `when`: expected rebooted, found `reboot`; did you mean `rebooted`?"]),
        ("user: alice\n        points: -1", ["12:17: `points`: expected at least 0, found `-1`"]),
        ("user: alice\n        within: 500", ["12:17: `within`: expected at most 120, found `500`"]),
        ("user: alice\n        holds: maybe", ["12:16: `holds`: expected true or false, found `maybe`"]),
        ("user: [alice]", ["11:15: `user`: expected text, found a list"]),
        ("user: 1.10", ["11:15: `user`: expected text, found `1.1`"]),
        ("user: null", ["11:15: `user`: expected text, found nothing"]),
        ("user: \"{{ ''.__class__ }}\"",
         ["11:15: in the template: attributes (`.__class__`) cannot be used here, only values, filters and operators"]),
        ("user: '{{ range(10**12)|join }}'",
         ["11:15: in the template: calls cannot be used here, only values, filters and operators"]),
        ("user: \"{{ 'a'*10**9 }}\"", ["11:15: in the template: only numbers can be multiplied"]),
        ("user: '{% for x in y %}{% endfor %}'",
         ["11:15: in the template: loops cannot be used here, only values, filters and operators"]),
    ],
)  # fmt: skip
def test_mistakes_in_an_expectation(tmp_path: Path, text: str, sentences: list[str]) -> None:
    assert reported(tmp_path, expectation(text)) == [f"lab.yaml:{sentence}" for sentence in sentences]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ["lab.yaml:1:1: expected a mapping with `title`, `tasks` and so on, found nothing"]),
        ("5", ["lab.yaml:1:1: expected a mapping with `title`, `tasks` and so on, found `5`"]),
        ("- a", ["lab.yaml:1:1: expected a mapping with `title`, `tasks` and so on, found a list"]),
        ("a: [\n", ["lab.yaml:2:1: this is not YAML: did not find expected node content"]),
        (b"\xff\xfe", ["lab.yaml:1:1: this is not UTF-8 text"]),
        (HEAD + "tasks: []\n", ["lab.yaml:7:8: `tasks`: must not be empty"]),
        (HEAD + "tasks: 5\n", ["lab.yaml:7:8: `tasks`: expected a list, found `5`"]),
        (HEAD + "tasks: [5]\n", ["lab.yaml:7:9: `tasks`: expected a mapping, found `5`"]),
        (HEAD + "seed: 5\n" + TASKS, ["lab.yaml:7:1: unknown key `seed`"]),
        (HEAD + "values: 5\n" + TASKS, ["lab.yaml:7:9: `values`: expected a mapping, found `5`"]),
        (HEAD + "values: {x: '{{ y }}'}\n" + TASKS, ["lab.yaml:7:13: in the template: 'y' is undefined"]),
        (HEAD + "values: {person: [a], x: '{{ persn }}'}\n" + TASKS,
         ["lab.yaml:7:26: in the template: 'persn' is undefined; did you mean `person`?"]),
        (HEAD + f"values: {{{', '.join(f'v{n}: [1]' for n in range(201))}}}\n" + TASKS,
         ["lab.yaml:7:9: `values`: more than 200"]),
        (HEAD.replace("node1}", "node1, login: -x}") + TASKS,
         ["lab.yaml:6:35: `login`: expected a user's name, found `-x`"]),
        (HEAD + "reboot: node1\n" + TASKS, ["lab.yaml:7:9: `reboot`: expected true or false or a list, found `node1`"]),
        (HEAD.replace("[{name: node1}, {name: node2}]", "[]") + TASKS,
         ["lab.yaml:6:3: `environment`: expected at least one machine, or a cluster"]),
        (HEAD.replace("machines:", "cluster: {workers: 1}\n  machines:") + TASKS,
         ["lab.yaml:6:3: `environment`: expected either machines or a cluster, not both"]),
        (HEAD.replace("node1}", "node1, shell: false}").replace("node2}", "node2, shell: false}") + TASKS,
         ["lab.yaml:6:13: no machine has a shell, so nobody can do the tasks"]),
        (HEAD + "start: [{user: x, on: there}]\n" + TASKS, ["lab.yaml:7:23: there is no machine `there`"]),
    ],
)  # fmt: skip
def test_mistakes_in_the_lab(tmp_path: Path, text: str | bytes, sentences: list[str]) -> None:
    assert reported(tmp_path, text) == sentences


def test_a_value_with_a_mistake_is_reported_once_however_often_it_is_used(tmp_path: Path) -> None:
    text = (
        HEAD
        + "values: {n: {range: 5}}\n"
        + TASKS.replace("alice", "{{ n }}").replace("user: {{ n }}", "user: '{{ n }}'")
    )
    assert reported(tmp_path, text) == ["lab.yaml:7:21: expected two whole numbers, the smaller one first"]


def test_thousands_of_templates_are_too_many(tmp_path: Path) -> None:
    hints = "".join(f"      - '{{{{ {number} }}}}'\n" for number in range(3000))
    text = HEAD + "tasks:\n  - id: t\n    text: x\n    hint:\n" + hints
    started = time.process_time()
    assert reported(tmp_path, text) == ["lab.yaml:1011:9: this file holds more than 1000 templates"]
    assert time.process_time() - started < 10


def test_a_file_with_thousands_of_mistakes_is_reported_in_seconds(tmp_path: Path) -> None:
    several = {
        "objectives": HEAD.replace("rhcsa10-9.01", ", ".join(f"q{number}" for number in range(20_000))) + TASKS,
        "kinds": expectation("\n      - ".join(["usr: a"] * 12_000)),
        "keys": HEAD + "".join(f"k{number}: 1\n" for number in range(20_000)) + TASKS,
        "needs": HEAD + "tasks:\n" + "".join(f"- {{id: t{n}, text: x, needs: [t{n + 1}]}}\n" for n in range(5000)),
    }
    for name, text in several.items():
        started = time.process_time()
        assert reported(tmp_path / name, text)
        assert time.process_time() - started < 10, name


def test_links_out_of_the_lab_and_pipes_are_mistakes(tmp_path: Path) -> None:
    folder = write(tmp_path / "lab", HEAD + TASKS)
    (tmp_path / "outside").write_text("x")
    (folder / "setup.sh").symlink_to("/etc/passwd")
    (folder / "solution.sh").symlink_to("../outside")
    (folder / "files").symlink_to("..")
    (folder / "inner").symlink_to("lab.yaml")
    os.mkfifo(folder / "pipe")
    assert reported(folder) == [
        "files:1:1: this link leads out of lab",
        "pipe:1:1: this is neither a file nor a folder",
        "setup.sh:1:1: this link leads out of lab",
        "solution.sh:1:1: this link leads out of lab",
    ]


def test_a_lab_yaml_that_is_a_link_out_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path / "one", HEAD + TASKS)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "lab.yaml").symlink_to("../one/lab.yaml")
    assert reported(tmp_path / "two") == ["lab.yaml:1:1: this link leads out of two"]


def test_a_folder_without_a_lab_is_a_mistake(tmp_path: Path) -> None:
    assert reported(tmp_path) == ["lab.yaml:1:1: this file does not exist"]


def test_a_folder_that_is_too_large_for_a_lab_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path / "lab", HEAD + TASKS)
    with (tmp_path / "lab" / "big").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    assert [m.sentence for m in _mistakes(tmp_path / "lab")] == ["this folder holds more than 2000 files or 64 MiB"]


def _mistakes(folder: Path) -> list[Any]:
    with pytest.raises(LabFileError) as error:
        load(folder)
    return error.value.mistakes


def test_the_digest_changes_with_names_and_bytes_only(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a", HEAD + TASKS), write(tmp_path / "b", HEAD + TASKS)
    assert load(first).digest == load(second, 5).digest
    (second / "__pycache__").mkdir()
    (second / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert load(first).digest == load(second).digest
    (first / "setup.sh").write_text("true\n")
    (second / "setup.sh").write_text("true\n#\n")
    assert load(first).digest != load(second).digest


def test_the_same_key_may_be_a_kind_and_an_option_of_another_kind(tmp_path: Path) -> None:
    lab = load(
        write(tmp_path, expectation("user: alice\n        group: staff\n      - group: b\n        members: [c]"))
    )
    assert [entry.kind for entry in lab.tasks[0].expect] == ["user", "group"]
    lab = load(write(tmp_path, expectation("group: staff\n        user: alice")))
    assert [entry.kind for entry in lab.tasks[0].expect] == ["user"]


def test_every_bundled_lab_is_read_in_milliseconds() -> None:
    from rung.runner.lab.folder import BUNDLED_LABS, lab_folders

    labs = lab_folders(BUNDLED_LABS / "linux")
    for folder in labs:
        load(folder)
    started = time.process_time()
    for folder in labs:
        load(folder)
    assert time.process_time() - started < 0.03 * len(labs)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
KEYS = """
    title tasks id text expect user file group needs on control same values name environment machines cluster
    reboot start points range sample from hint uid lines
"""
WORDS = st.sampled_from(KEYS.split())
TEMPLATES = st.sampled_from(["{{ x }}", "{{ y[0] }}", "{% if x %}", "{{ x | join }}", "{{ x + y }}", "{{", "a{{ x }}b"])
TREES = st.recursive(
    SCALARS | WORDS | TEMPLATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(WORDS, TREES, max_size=5) | TREES, st.integers(0, 5))
def test_any_tree_gives_a_lab_or_mistakes(tmp_path: Path, tree: Any, seed: int) -> None:
    _fuzz(tmp_path, yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"), seed)


GOOD = {**yaml.safe_load(HEAD + TASKS), "values": {"x": ["a", "b"], "y": {"sample": 1, "from": [1, 2]}}}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_good_lab_with_anything_put_anywhere_gives_a_lab_or_mistakes(tmp_path: Path, data: st.DataObject) -> None:
    _fuzz(tmp_path, yaml.safe_dump(_spoilt(GOOD, data), allow_unicode=True).encode("utf-8", "replace"), 1)


def _spoilt(tree: Any, data: st.DataObject) -> Any:
    if data.draw(st.integers(0, 9)) == 0 or not isinstance(tree, dict | list):
        return data.draw(TREES) if data.draw(st.integers(0, 3)) == 0 else tree
    if isinstance(tree, dict):
        return {key: _spoilt(value, data) for key, value in tree.items()}
    return [_spoilt(value, data) for value in tree]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_give_a_lab_or_mistakes(tmp_path: Path, content: bytes) -> None:
    _fuzz(tmp_path, content, 1)


def _fuzz(folder: Path, content: bytes, seed: int) -> None:
    write(folder, content)
    mistakes: list[Any] = []
    try:
        assert isinstance(load(folder, seed), Lab)
    except LabFileError as error:
        mistakes = error.mistakes or [None]
    assert all(mistake.line >= 1 and mistake.column >= 1 and mistake.sentence for mistake in mistakes)


def test_the_kinds_exist() -> None:
    assert {"user", "group", "file", "package"} <= set(load_kinds())


def test_a_control_has_no_points_and_no_start(tmp_path: Path) -> None:
    control = "{user: alice, points: 2, holds: true, when: rebooted, same: uid, control: {user: bo}, within: 5}"
    found = reported(tmp_path / "lab", expectation(f"file: /etc/x\n        control: {control}"))
    assert [mistake.partition(": ")[2] for mistake in found] == [
        "`points` has no meaning in a `control`, which is not scored",
        "`holds` has no meaning in a `control`, which is not scored",
        "`when` has no meaning in a `control`, which is checked whenever its expectation is",
        "`same` has no meaning in a `control`, which is not compared with the start",
        "`control` has no meaning in a `control`, which is one itself",
    ]
    assert found[0].startswith("lab.yaml:12:32: ")


def test_every_mistake_in_scripts_is_reported_with_its_place(tmp_path: Path) -> None:
    folder = write(tmp_path / "lab", HEAD + TASKS)
    for name in ("also", "wrong"):
        (folder / name).mkdir()
    (folder / "setup.sh").write_bytes(b"true\necho caf\xe9\n")
    (folder / "solution.sh").write_text("true\n#@ node3\ntrue\n#@ node2 as alice\ntrue\n#@node1\n")
    (folder / "also" / "a.sh").write_text("true\n#@ node1, node2\n")
    (folder / "wrong" / "b.sh").write_text("# fails: everything\n# after: lunch\n#@ nod1\n# nothing\n")
    assert reported(folder) == [
        "also/a.sh:2:1: `#@ node1, node2` should read `#@ MACHINE` or `#@ MACHINE as USER`",
        "setup.sh:2:9: this is not UTF-8 text",
        "solution.sh:2:4: there is no machine `node3`; did you mean `node2`?",
        "wrong/b.sh:1:1: `everything` should read `task.check` or `task.check after reboot`",
        "wrong/b.sh:3:4: there is no machine `nod1`; did you mean `node1`?",
    ]
