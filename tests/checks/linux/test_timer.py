"""Kind `timer` on a machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Broken

pytestmark = pytest.mark.machines

UNITS = """
cd /etc/systemd/system
printf '[Service]\\nType=oneshot\\nExecStart=/bin/true\\n' | tee sweep.service >hourly.service
timer() { printf '[Timer]\\n%s\\n[Install]\\nWantedBy=timers.target\\n' "$2" >$1.timer; }
timer broom "$(printf 'OnCalendar=*:0/15\\nPersistent=yes\\nUnit=sweep.service')"
timer four "$(printf 'OnCalendar=*:00\\nOnCalendar=*:15\\nOnCalendar=*:30\\nOnCalendar=*:45')"
timer hourly "$(printf 'OnUnitActiveSec=1h\\nPersistent=yes\\n#OnCalendar=hourly')"
systemctl daemon-reload
systemctl enable --now broom.timer
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, UNITS)
    return node1


@pytest.mark.parametrize(
    ("timer", "options"),
    [
        ("sweep", {"calendar": "*:0/15", "running": True, "enabled": True, "persistent": True}),
        ("sweep.service", {"calendar": ["*:0,30", "*:15,45"]}),
        ("broom.timer", {"calendar": "*-*-* *:00,15,30,45:00 UTC"}),
        ("four.timer", {"calendar": "*:0/15", "running": False, "enabled": False, "persistent": False}),
        ("hourly", {"enabled": False}),
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, timer: str, options: dict[str, Any]) -> None:
    assert reasons(box, {"timer": timer, **options}) == []


@pytest.mark.parametrize(
    ("timer", "options", "expected"),
    [
        (
            "sweep",
            {"calendar": "*:0/20", "running": False, "enabled": False, "persistent": False},
            [
                "broom.timer: running: expected no, found active (waiting)",
                "broom.timer: enabled: expected no, found enabled",
                "broom.timer: calendar: expected *:0/20, found *-*-* *:00/15:00",
                "broom.timer: persistent: expected no, found yes",
            ],
        ),
        (
            "hourly",
            {"calendar": "hourly", "persistent": True, "running": True, "enabled": True},
            [
                "hourly.timer: running: expected yes, found inactive (dead)",
                "hourly.timer: enabled: expected yes, found disabled",
                "hourly.timer: calendar: expected hourly, found no calendar time, only OnUnitActiveUSec=1h",
                "hourly.timer: persistent: expected yes, found yes, but without a calendar time it has no effect",
            ],
        ),
        ("four.timer", {"persistent": True}, ["four.timer: persistent: expected yes, found no"]),
        ("nosuch", {"enabled": False}, ["nosuch: expected a timer that starts it, found none"]),
        ("nosuch.timer", {"running": False}, ["nosuch.timer: expected a timer of that name, found none"]),
    ],
)
def test_a_false_expectation_has_these_reasons(
    box: Machine, timer: str, options: dict[str, Any], expected: list[str]
) -> None:
    assert reasons(box, {"timer": timer, **options}) == expected


def test_a_calendar_of_the_lab_that_systemd_does_not_read_is_not_the_learner_s(box: Machine) -> None:
    with pytest.raises(Broken) as broken:
        reasons(box, {"timer": "sweep", "calendar": "noonish"})
    assert "noonish" in str(broken.value)


def test_sentence_and_names() -> None:
    data = expectation({"timer": "sweep", "calendar": "daily", "persistent": True, "enabled": True})
    assert data.sentence() == ("A timer for sweep.service starts at boot, elapses at daily, makes up for missed times")
    assert list(data.names()) == ["sweep"]
