"""The second try of tests on real machines, which may be late on a busy computer (`make test` runs it).

    python -m second_try [pytest's arguments]

Tests that failed and need a machine run once more, with nothing beside them. Tests that need none are never tried
twice: they stay failed. At the end stands what passed only at the second try.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# Files whose fixtures `driver` and `_provisioned` connect to an engine; elsewhere fixtures of these names are fakes.
CONNECT = (TESTS / "conftest.py", TESTS / "support" / "cluster_fixtures.py")


def needs_machine(item: pytest.Item) -> bool:
    """Whether a test runs on a container engine: by its mark, by a fixture that connects to one, as a lab's proof."""
    if item.get_closest_marker("machines") is not None or type(item).__name__ == "LabStep":
        return True
    info = getattr(item, "_fixtureinfo", None)
    fixtures = info.name2fixturedefs if info is not None else {}
    used = [fixtures[name][-1] for name in ("driver", "_provisioned") if fixtures.get(name)]
    return any(Path(fixture.func.__code__.co_filename) in CONNECT for fixture in used)


class SecondTry:
    """Runs only what needs a machine, and tells the rest apart."""

    def __init__(self) -> None:
        self.refused: list[str] = []  # failed, and need no machine
        self.passed: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        refused = [item for item in items if not needs_machine(item)]
        self.refused = [item.nodeid for item in refused]
        items[:] = [item for item in items if item not in refused]
        config.hook.pytest_deselected(items=refused)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for title, names in (
            ("failed, and not tried again: no machine is needed", self.refused),
            ("passed only at the second try", self.passed),
        ):
            if names:
                terminalreporter.section(title)
                for name in names:
                    terminalreporter.line(name)


def main(args: list[str]) -> int:
    """Run the second try; the exit code: 0 where all of it passed and nothing else had failed."""
    plugin = SecondTry()
    code = pytest.main(["--last-failed", "--last-failed-no-failures", "none", *args], plugins=[plugin])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and plugin.refused:
        return 1
    return int(code) or int(bool(plugin.refused))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
