"""Mount options compared by value."""

from __future__ import annotations

import pytest

from rung.checks.linux.tools.mount_options import same_option


@pytest.mark.parametrize(
    ("want", "found", "same"),
    [
        ("noexec", "noexec", True),
        ("exec", "noexec", False),
        ("size=64m", "size=65536k", True),
        ("size=64m", "size=64k", False),
        ("mode=0750", "mode=750", True),
        ("uid=10", "uid=100", False),
        ("uid=10", "gid=10", False),
        ("commit=60", "commit=60", True),
    ],
)
def test_options_compare_by_value(want: str, found: str, same: bool) -> None:
    assert same_option(want, found) is same
