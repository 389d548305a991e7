"""The hoarders that must survive: which three they are depends on the draw."""

from rung.checks import Fail, Host, Values, check

BAYS = ("north", "east", "south", "west")


@check(task="hoarder", id="others", holds=True, points=2)
def others(host: Host, values: Values) -> None:
    """The other three hoarders are the processes that they were"""
    for bay in BAYS:
        if bay == values["bay"]:
            continue
        first = host.run("cat %s", f"/usr/local/lib/mill/pids/{bay}").stdout.strip()
        now = host.run("pgrep -f %s", f"hoarder --bay {bay}$").stdout.split()
        if not now:
            raise Fail(f"hoarder --bay {bay}: expected it to run, found no such process")
        if now != [first]:
            raise Fail(f"hoarder --bay {bay}: expected process {first}, found {', '.join(now)}")
