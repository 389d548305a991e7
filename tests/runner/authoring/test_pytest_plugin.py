"""In a pack's repository pytest collects each lab as a test file; elsewhere the plugin does nothing at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fake_labs import write_lab
from rung.runner.authoring import proof_records
from rung.runner.catalog import trust

CONFTEST = """\
from fake_labs import FactDriver
from rung.runner.authoring.pytest_plugin import DRIVER
def pytest_configure(config):
    config.stash[DRIVER] = FactDriver()
"""
STEPS = ["text", "untouched", "solution", "solution-again", "also/backwards", "wrong/damage", "wrong/half"]


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """pytest as a pack's CI runs it."""
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2] / "support"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--no-header", "-v", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    write_lab(tmp_path / "labs" / "facts")
    trust.trust(tmp_path, edits=True)
    return tmp_path


def outcomes(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    lines = [line.split() for line in done.stdout.splitlines() if "::" in line and "%]" in line]
    return {name.split("::")[1]: outcome for name, outcome, *_ in lines}


def test_each_step_of_a_proof_is_a_test(pack: Path) -> None:
    done = run(pack)
    assert outcomes(done) == dict.fromkeys(STEPS, "PASSED"), done.stdout
    assert "labs/facts/lab.yaml::wrong/half PASSED" in done.stdout


def test_one_step_can_be_run_by_its_name(pack: Path) -> None:
    assert outcomes(run(pack, "labs/facts/lab.yaml::wrong/half")) == {"wrong/half": "PASSED"}


def test_a_step_that_fails_says_why_and_nothing_of_the_code_around_it(pack: Path) -> None:
    write_lab(pack / "labs" / "facts", wrong_half="# fails: two.b\nset a yes\nset b yes\n")
    done = run(pack, "--junitxml=labs.xml")
    assert outcomes(done) == dict.fromkeys(STEPS, "PASSED") | {"wrong/half": "FAILED"}
    assert "two.b was to fail and passes\n" in done.stdout
    assert "Traceback" not in done.stdout
    (failure,) = ElementTree.parse(pack / "labs.xml").getroot().iter("failure")
    assert failure.text == "two.b was to fail and passes"


def test_a_lab_that_cannot_run_here_is_skipped(pack: Path) -> None:
    lab = pack / "labs/facts/lab.yaml"
    lab.write_text(lab.read_text() + "capabilities: [selinux]\n")
    found = outcomes(run(pack))
    assert (found.pop("text"), set(found.values())) == ("PASSED", {"SKIPPED"})


def test_a_lab_that_cannot_be_read_is_one_failing_test(pack: Path) -> None:
    lab = pack / "labs/facts/lab.yaml"
    lab.write_text(lab.read_text().replace("minutes: 5", "minutes: five"))
    done = run(pack)
    assert outcomes(done) == {"text": "FAILED"}
    assert "lab.yaml:4:10: `minutes`: expected a whole number, found `five`" in done.stdout


def test_a_pack_that_is_not_trusted_is_not_run(pack: Path) -> None:
    trust.forget(pack)
    done = run(pack, "labs/facts/lab.yaml::untouched")
    assert outcomes(done) == {"untouched": "FAILED"}
    assert "is not trusted yet" in done.stdout


def test_a_lab_with_a_valid_record_is_not_proven_again(pack: Path) -> None:
    (pack / "proofs.json").write_text("{}\n")
    proof_records.record([pack / "labs/facts"])
    assert outcomes(run(pack)) == {"text": "PASSED", "record": "PASSED"}
    assert list(outcomes(run(pack, "--rung-prove=all"))) == STEPS
    (pack / "pytest.ini").write_text("[pytest]\nrung_sample = facts\n")
    assert list(outcomes(run(pack))) == STEPS


def test_a_package_that_holds_labs_is_not_imported(pack: Path) -> None:
    (pack / "labs/proofs.json").write_text("{}\n")
    (pack / "labs/__init__.py").write_text("raise RuntimeError('imported')\n")
    assert set(outcomes(run(pack)).values()) == {"PASSED"}


def test_a_lab_yaml_of_another_program_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text("environment: notebook\nkernel: python\n")
    assert run(tmp_path).returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_without_labs_the_plugin_imports_nothing_of_rung_but_itself(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it() -> None:\n"
        "    found = {name for name in sys.modules if name.startswith('rung.')}\n"
        "    assert found <= {'rung.runner', 'rung.runner.authoring', 'rung.runner.authoring.pytest_plugin'}\n"
        "    assert not {'docker', 'pydantic', 'yaml', 'jinja2', 'rich'} & set(sys.modules)\n"
    )
    done = run(tmp_path, "-p", "no:hypothesispytest")
    assert done.returncode == 0, done.stdout
