"""What docs/authors.md tells an author to write proves, and the commands it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rung.runner.authoring.lint import lint
from rung.runner.authoring.new import new
from rung.runner.authoring.prove_many import prove_all
from rung.runner.cli.author import author
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.registry import DriverRegistry

PAGE = (Path(__file__).parents[3] / "docs" / "authors.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"# (?P<where>at the end|all) of (?P<file>\S+)\n")


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """The lab of an author who did what the page says."""
    folder = new("first-lab", tmp_path)
    for block in _BLOCK.finditer(PAGE):
        text, place = block["text"], _PLACE.match(block["text"])
        if block["language"] == "yaml" and text.startswith("  - id:"):
            with (folder / "lab.yaml").open("a") as lab:
                lab.write(text)
        elif place:
            with (folder / place["file"]).open("a") as script:
                script.write(text[place.end() :])
    (head,) = re.findall(r"`(# fails: [^`]+, [^`]+)`", PAGE)
    wrong = folder / "wrong/open-to-all.sh"
    wrong.write_text(wrong.read_text().replace("# fails: hours.sheet", head))
    return folder


def test_the_lab_of_the_page_reads_well(followed: Path) -> None:
    assert [str(finding) for finding in lint(followed)] == []
    assert (followed / "wrong/not-handed-on.sh").read_text().startswith("# fails: shared.directory\n")


@pytest.mark.machines
def test_the_lab_of_the_page_proves(followed: Path, driver: ContainerDriver) -> None:
    (proof,) = prove_all([followed], DriverRegistry.of(driver))
    assert [(step.name, step.why) for step in proof.failed] == []


def test_the_commands_of_the_page_exist() -> None:
    assert set(re.findall(r"rung author (\w+)", PAGE)) <= set(author.commands)
