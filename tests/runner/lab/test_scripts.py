"""Scripts are cut by machine and user; headers of wrong answers are read, and misspelt ones refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.lab.scripts import Failure, Header, Part, ScriptMistake, header, parts


def test_a_script_without_cuts_runs_on_the_first_machine_as_root() -> None:
    assert parts("#!/bin/bash\nuseradd alice\n", "node1") == [Part("node1", None, "#!/bin/bash\nuseradd alice\n", 1)]


def test_a_script_is_cut_by_machine_and_user() -> None:
    text = "true\n#@ node2\nhostname\n#@ node1 as alice\nid\n"
    assert parts(text, "node1") == [
        Part("node1", None, "true\n", 1),
        Part("node2", None, "hostname\n", 3),
        Part("node1", "alice", "id\n", 5),
    ]


def test_a_part_with_comments_only_is_left_out() -> None:
    assert parts("#!/bin/bash\n# what follows\n\n#@ node2\nid\n", "node1") == [Part("node2", None, "id\n", 5)]


def test_a_misspelt_cut_is_a_mistake_with_its_line() -> None:
    with pytest.raises(ScriptMistake) as mistake:
        parts("true\n#@ node2 like alice\n", "node1")
    assert (mistake.value.line, str(mistake.value)) == (
        2,
        "`#@ node2 like alice` should read `#@ MACHINE` or `#@ MACHINE as USER`",
    )


def test_a_header_names_the_checks_that_must_fail() -> None:
    text = "#!/bin/bash\n# fails: account.user, acl.acl after reboot\n# after: solution\nuserdel alice\n"
    assert header(text) == Header((Failure("account", "user"), Failure("acl", "acl", after_reboot=True)), "solution")


def test_a_header_ends_where_the_script_begins() -> None:
    assert header("true\n# fails: a.b\n") == Header()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("# fails: user", "`user` should read `task.check` or `task.check after reboot`"),
        ("# after: reboot", "`after: reboot` should be `after: solution` or `after: start`"),
    ],
)
def test_a_misspelt_header_is_a_mistake(line: str, sentence: str) -> None:
    with pytest.raises(ScriptMistake) as mistake:
        header(line + "\n")
    assert str(mistake.value) == sentence


@given(st.text())
def test_any_text_is_cut_or_refused_with_a_line_that_exists(text: str) -> None:
    try:
        found = parts(text, "node1")
    except ScriptMistake as mistake:
        refused = text.splitlines()[mistake.line - 1]
    else:
        refused = "#@"
        assert all(part.text.strip() for part in found)
    assert refused.startswith("#@")
