"""Kernel settings in the files of sysctl.d(5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.linux.tools.sysctl_config import configured_value, proc_path


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("net.ipv4.ip_forward", "net/ipv4/ip_forward"),
        ("net/ipv4/conf/eth0.1/forwarding", "net/ipv4/conf/eth0.1/forwarding"),
        ("net.ipv4.conf.eth0/1.forwarding", "net/ipv4/conf/eth0.1/forwarding"),
    ],
)
def test_keys_are_read_with_either_separator(key: str, path: str) -> None:
    assert proc_path(key) == path


def test_a_key_s_own_line_outranks_a_pattern_wherever_it_stands() -> None:
    text = "net.ipv4.conf.eth0.rp_filter = 2\nnet.ipv4.conf.*.rp_filter = 1\n"
    assert configured_value(text, "net.ipv4.conf.eth0.rp_filter") == "2"
    assert configured_value(text, "net.ipv4.conf.eth1.rp_filter") == "1"


def test_comments_and_lines_without_a_value_set_nothing() -> None:
    assert configured_value("# a.b = 1\n; a.b = 2\n-a.b\na.bc = 3\n", "a.b") is None


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert configured_value(f"{text}\na.b = 7", "a.b") == "7"
