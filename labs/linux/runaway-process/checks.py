"""What the next boot starts, and the three hoarders that must survive; the seed decides which three."""

from rung.checks import Fail, Host, Values, check

BAYS = ("north", "east", "south", "west")


@check(task="runaway", id="next-boot", points=1)
def next_boot(host: Host) -> None:
    """Nothing starts it at the next boot"""
    unit = "millwright.service"
    text = host.text("systemctl show -p LoadState -p WantedBy -p RequiredBy %s", unit)
    found = dict(line.split("=", 1) for line in (text or "").split("\n") if "=" in line)
    if "LoadState" not in found:
        raise Fail(f"{unit}: expected an answer from `systemctl show`, found none")
    state = host.run("systemctl is-enabled %s", unit).stdout.strip()
    # A link in a target's directory starts a unit even if the unit has no [Install] section.
    wanted = f"{found.get('WantedBy', '')} {found.get('RequiredBy', '')}".split()
    linked = state in ("static", "linked", "indirect", "generated") and wanted
    if found["LoadState"] not in ("masked", "not-found") and (state in ("enabled", "alias") or linked):
        raise Fail(
            f"{unit}: expected that no boot starts it, found it {state}, wanted by {', '.join(wanted) or 'none'}"
        )


@check(task="hoarder", id="others", holds=True, points=2)
def others(host: Host, values: Values) -> None:
    """The other three hoarders are still the same processes"""
    running = host.process.filter()
    for bay in BAYS:
        if bay == values["bay"]:
            continue
        first = host.run("cat %s", f"/usr/local/lib/mill/pids/{bay}").stdout.strip()
        now = [str(process.pid) for process in running if process.args.endswith(f"hoarder --bay {bay}")]
        if not now:
            raise Fail(f"hoarder --bay {bay}: expected it to run, found no such process")
        if now != [first]:
            raise Fail(f"hoarder --bay {bay}: expected process {first}, found {', '.join(now)}")
