"""Entries of access control lists in their long form."""

from __future__ import annotations

from rung.checks.linux.tools.acl_entries import normalized_entry, normalized_name


def test_short_forms_are_normalised() -> None:
    assert normalized_entry("d:g:ops:7") == "default:group:ops:rwx"
    assert normalized_entry("o::x") == "other::--x"
    assert normalized_name("d:u:ann") == "default:user:ann"
