"""The limit that journald reports in its own messages."""

import json

from rung.checks import Fail, Host, Values, check

# journald writes this message whenever it opens a journal: its size now, its limit.
USAGE = "ec387f577b844b8fa948f33cad9a75e6"
MIB = 1024 * 1024


@check(task="limit", points=3)
def in_force(host: Host, values: Values) -> None:
    """journald keeps the journal on disk within the limit"""
    # Only journald itself has the transport of that name; anybody can write a message that looks like its own.
    query = "journalctl -q --no-pager -o json MESSAGE_ID=%s JOURNAL_NAME='System Journal' _TRANSPORT=driver -n 1"
    text = host.text(query, USAGE)
    if not text:
        raise Fail(f"journal on disk: expected a limit of {values['limit']} MiB, found no journal on disk")
    found = int(json.loads(text)["MAX_USE"])
    if found != values["limit"] * MIB:
        raise Fail(
            f"journal on disk: expected a limit of {values['limit']} MiB, found {found / MIB:.1f} MiB",
            hint="The setting has its effect in the section [Journal] only, and once journald has read it.",
        )
