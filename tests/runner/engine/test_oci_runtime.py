"""The OCI runtime that asks only for what this computer can give."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.engine import oci_runtime
from rung.runner.engine.oci_runtime import CAPABILITIES, missing, possible


def status(bounding: int) -> str:
    return f"Name:\tx\nCapEff:\t{0:016x}\nCapBnd:\t{bounding:016x}\nCapAmb:\t{0:016x}\n"


def test_a_full_bounding_set_lacks_nothing() -> None:
    assert missing(status((1 << 41) - 1), 40) == set()


def test_bit_24_is_sys_resource() -> None:
    assert missing(status(0x000001FFFEFFFFFF), 40) == {"CAP_SYS_RESOURCE"}


def test_capabilities_that_an_old_kernel_does_not_know_are_not_missing() -> None:
    assert missing(status((1 << 38) - 1), 37) == set()


@given(st.sets(st.sampled_from(CAPABILITIES)), st.lists(st.sampled_from([f"CAP_{c}" for c in CAPABILITIES])))
def test_what_is_lacking_goes_and_the_rest_stays_in_order(lacking: set[str], given_names: list[str]) -> None:
    gone = {f"CAP_{name}" for name in lacking}
    left = possible({"capabilities": {"bounding": given_names}}, gone, lambda _: -1)["capabilities"]["bounding"]
    assert left == [name for name in given_names if name not in gone]


LIMITS = {"rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1048576, "soft": 1048576}]}


def test_limits_above_the_hard_limit_come_down_to_it() -> None:
    assert possible(LIMITS, {"CAP_SYS_RESOURCE"}, lambda _: 20000)["rlimits"] == [
        {"type": "RLIMIT_NOFILE", "hard": 20000, "soft": 20000}
    ]


def test_limits_stay_where_they_may_be_raised_or_are_not_limited() -> None:
    assert possible(LIMITS, {"CAP_BPF"}, lambda _: 20000) == LIMITS
    assert possible(LIMITS, {"CAP_SYS_RESOURCE"}, lambda _: -1) == LIMITS


def test_a_process_without_capabilities_or_limits_is_left_alone() -> None:
    process = {"args": ["true"], "cwd": "/"}
    assert possible(process, {"CAP_SYS_RESOURCE"}, lambda _: 5) == process


@pytest.fixture
def lacking_sys_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oci_runtime, "missing_here", lambda: {"CAP_SYS_RESOURCE"})


@pytest.mark.usefixtures("lacking_sys_resource")
@pytest.mark.parametrize("flags", [["--bundle", "{}"], ["-b", "{}"], ["--bundle={}"]])
def test_create_rewrites_the_bundle_however_it_is_named(tmp_path: Path, flags: list[str]) -> None:
    config = tmp_path / "config.json"
    process = {"capabilities": {"effective": ["CAP_CHOWN", "CAP_SYS_RESOURCE"]}}
    config.write_text(json.dumps({"process": process, "root": {"path": "rootfs"}}))
    oci_runtime.prepare(["--root", "/r", "create", *[f.format(tmp_path) for f in flags], "an-id"])
    assert json.loads(config.read_text()) == {
        "process": {"capabilities": {"effective": ["CAP_CHOWN"]}},
        "root": {"path": "rootfs"},
    }


@pytest.mark.usefixtures("lacking_sys_resource")
def test_exec_rewrites_its_process_file(tmp_path: Path) -> None:
    path = tmp_path / "process.json"
    path.write_text(json.dumps({"capabilities": {"bounding": ["CAP_SYS_RESOURCE"]}}))
    oci_runtime.prepare(["exec", "--process", str(path), "--detach", "an-id"])
    assert json.loads(path.read_text()) == {"capabilities": {"bounding": []}}


@pytest.mark.usefixtures("lacking_sys_resource")
@pytest.mark.parametrize("arguments", [["start", "x"], ["kill", "x", "15"], ["exec", "-t", "x", "sh"], []])
def test_other_calls_touch_no_file(arguments: list[str]) -> None:
    oci_runtime.prepare(arguments)


def test_it_runs_by_itself_without_rung() -> None:
    script = Path(oci_runtime.__file__)
    code = f"import runpy; print(sorted(runpy.run_path({str(script)!r})['missing_here']()))"
    done = subprocess.run([sys.executable, "-ISc", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[")
