"""Nothing of a pack runs before the user trusts it."""

from __future__ import annotations

import json
import py_compile
import threading
from pathlib import Path

import pytest

from rung.runner.catalog import trust
from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.lab import python_checks
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders
from rung.runner.lab.loader import load

LAB = """\
title: A lab
objectives: []
difficulty: easy
minutes: 5
environment: {machines: [{name: node1}]}
capabilities: [%s]
tasks: [{id: t, text: Make alice., expect: [{user: alice}]}]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, capabilities in (("one", ""), ("two", "internet, sys-admin")):
        (tmp_path / "pack" / name).mkdir(parents=True)
        (tmp_path / "pack" / name / "lab.yaml").write_text(LAB % capabilities)
    return tmp_path / "pack"


def refused(folder: Path) -> str:
    with pytest.raises(UsageError) as error:
        trust.require(folder)
    assert error.value.fix == f"`rung trust {folder}` shows what it will be allowed to do, and asks."
    return str(error.value).removeprefix(f"{folder} ")


WARNING = "With this, root in a machine can reach root on this computer where the engine runs as root."
WHY = "A lab's scripts run as root in its machines, and its checks.py on this computer."


def test_bundled_labs_are_trusted() -> None:
    for folder in lab_folders(BUNDLED_LABS / "linux"):
        trust.require(folder)


def test_a_lab_that_changes_or_is_added_has_to_be_trusted_again(pack: Path) -> None:
    assert refused(pack / "one") == f"is not trusted yet. {WHY}"
    assert trust.trust(pack) == ["one", "two"]
    trust.require(pack / "one")
    trust.require(pack / "two")

    (pack / "one" / "setup.sh").write_text("true\n")
    assert refused(pack / "one") == f"has changed since it was trusted. {WHY}"
    trust.require(pack / "two")

    (pack / "three").mkdir()
    (pack / "three" / "lab.yaml").write_text(LAB % "")
    assert refused(pack / "three") == f"is not trusted yet. {WHY}"


def test_one_lab_can_be_trusted_alone(pack: Path) -> None:
    assert trust.trust(pack / "one") == ["one"]
    trust.require(pack / "one")
    assert refused(pack / "two") == f"is not trusted yet. {WHY}"


def test_an_author_trusts_their_own_changes_too(pack: Path) -> None:
    trust.trust(pack, edits=True)
    (pack / "one" / "checks.py").write_text("x = 1\n")
    trust.require(pack / "one")


def test_a_link_to_a_trusted_lab_is_trusted_and_a_lab_with_a_similar_name_is_not(pack: Path, tmp_path: Path) -> None:
    trust.trust(pack / "one", edits=True)
    (tmp_path / "link").symlink_to(pack / "one")
    trust.require(tmp_path / "link")
    (pack / "one-more").mkdir()
    (pack / "one-more" / "lab.yaml").write_text(LAB % "")
    assert refused(pack / "one-more") == f"is not trusted yet. {WHY}"


def test_trust_can_be_withdrawn(pack: Path) -> None:
    trust.trust(pack)
    assert trust.packs() == [pack]
    assert trust.forget(pack)
    assert not trust.forget(pack)
    assert trust.packs() == []
    assert refused(pack / "one") == f"is not trusted yet. {WHY}"


def test_a_pack_whose_links_lead_out_cannot_be_trusted(pack: Path) -> None:
    (pack / "one" / "setup.sh").symlink_to("/etc/passwd")
    with pytest.raises(LabFileError) as error:
        trust.trust(pack)
    assert str(error.value) == f"{pack}/one/setup.sh:1:1: this link leads out of one"
    assert trust.packs() == []


def test_a_folder_without_labs_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        trust.trust(tmp_path)
    assert str(error.value) == f"There is no lab at or below {tmp_path}."


def test_what_a_pack_may_do_is_listed(pack: Path) -> None:
    assert trust.allowed(pack / "one") == [
        "It holds 1 lab: one.",
        "Checks in lab.yaml run commands as root in the labs' machines.",
        "None of it runs on this computer outside the labs' machines.",
        "The labs' machines cannot reach the internet.",
    ]
    (pack / "one" / "checks.py").write_text("")
    (pack / "two" / "setup.sh").write_text("")
    (pack / "two" / "wrong").mkdir()
    (pack / "two" / "wrong" / "a.sh").write_text("")
    assert trust.allowed(pack) == [
        "It holds 2 labs: one, two.",
        "These scripts run as root in the labs' machines: two/setup.sh, two/wrong/a.sh.",
        "Checks in lab.yaml run commands as root in the labs' machines.",
        "This Python code runs ON THIS COMPUTER, with your own rights: one/checks.py.",
        "internet: machines can reach the internet (two).",
        f"sys-admin: root in a machine may mount file systems and set its host name (CAP_SYS_ADMIN) (two). {WARNING}",
    ]


def test_a_compiled_file_that_a_pack_brings_is_not_run(pack: Path) -> None:
    """It would not be shown to the user, and is not part of the digest."""
    checks = pack / "one" / "checks.py"
    checks.write_text("raise SystemError('the compiled file ran')\n")
    py_compile.compile(str(checks), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    checks.write_text("x = 1\n")
    assert list((pack / "one" / "__pycache__").iterdir())
    assert python_checks.load(load(pack / "one")) == []


def test_a_damaged_file_of_trusted_packs_trusts_nothing(home: Path, pack: Path) -> None:
    home.mkdir()
    for text in ("{", "[]", '{"packs": 5}', '{"packs": {"/": 5}}'):
        (home / "trusted.json").write_text(text)
        with pytest.raises(UsageError) as error:
            trust.require(pack / "one")
        assert str(error.value).startswith(f"{home}/trusted.json cannot be read: ")
        assert error.value.fix == "Remove it, and trust your packs again."


def test_the_file_of_trusted_packs_is_written_atomically(home: Path, pack: Path) -> None:
    trust.trust(pack)
    done = threading.Event()

    def write() -> None:
        for _ in range(50):
            trust.trust(pack)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert list(json.loads((home / "trusted.json").read_text())["packs"]) == [str(pack)]
    writer.join()
    assert [path.name for path in home.iterdir()] == ["trusted.json"]


def test_a_linked_lab_of_a_pack_is_reported(pack: Path, tmp_path: Path) -> None:
    (pack / "two").rename(tmp_path / "two")
    (pack / "again").symlink_to(pack / "one")  # is in the pack under its own name
    (pack / "linked").symlink_to(tmp_path / "two")
    for ask in (trust.trust, trust.allowed):
        with pytest.raises(LabFileError) as error:
            ask(pack)
        assert str(error.value) == (
            f"{pack / 'linked'}:1:1: this link leads to a lab outside of the pack; "
            "copy that lab into the pack, or trust its own folder"
        )
    (pack / "linked").unlink()
    assert trust.trust(pack) == ["one"]
