"""Runs the script on lists that the learner has not seen, on copies of /etc and /home.

The copies are in a mount namespace that ends with the command, so grading creates no account on the machine.
"""

import shlex

from rung.checks import Fail, Host, Values, check

SCRIPT = "/usr/local/sbin/enroll"
ALONE = """
mount -t tmpfs none /mnt && cp -a /etc /mnt/etc && mount --bind /mnt/etc /etc || exit 90
for d in /home /tmp /var/mail; do mount -t tmpfs none "$d" || exit 90; done
chmod 1777 /tmp
cd /tmp
"""


def hidden(values: Values) -> str:
    """A list with everything that may occur: comments, blank lines, an existing account, no last newline."""
    p = values["prefix"]
    return "\n".join(
        [
            f"{p}x1,Mia Rose Tan,surf",
            "",
            "# left",
            f"# {p}x7,Not Me,surf",
            f"{p}5,Other Name,surf",
            f"{p}x2,Zed,tide",
            f"{p}x3,Lars * Holm,surf",
            f"{p}x4,Final Line,gale",
        ]
    )


def enroll(host: Host, roster: str, logins: list[str], runs: int) -> tuple[list[str], dict[str, str]]:
    """Run the script `runs` times. Returns each run's exit status and last line, and the accounts that then exist.

    An account reads `comment|home|shell|groups|yes|primary group` (yes: the home is a directory of theirs).
    """
    script = ALONE + f"printf %s {shlex.quote(roster)} > /tmp/list\n"
    script += f"for i in $(seq {runs}); do out=$({SCRIPT} /tmp/list 2>/tmp/err </dev/null); rc=$?\n"
    script += 'echo "run:$rc:$(printf \'%s\\n\' "$out" | tail -n 1)"; done\n'
    script += f'for u in {" ".join(logins)}; do getent passwd "$u" > /tmp/line || continue\n'
    script += "IFS=: read -r _ _ _ _ c h s < /tmp/line; own=no\n"
    script += 'if [ -d "$h" ] && [ "$(stat -c %U "$h")" = "$u" ]; then own=yes; fi\n'
    script += 'echo "user:$u:$c|$h|$s|$(id -nG "$u")|$own|$(id -ng "$u")"; done'
    program = host.file(SCRIPT)
    if not (program.is_file and program.is_executable):
        raise Fail(f"{SCRIPT}: expected a file that can be executed, found none")
    result = host.run("unshare -m --propagation private bash -c %s", script)
    lines = [line.split(":", 2) for line in result.stdout.split("\n") if line.count(":") >= 2]
    reports = [f"exit status {line[1]}, last line {line[2]!r}" for line in lines if line[0] == "run"]
    return reports, {line[1]: line[2] for line in lines if line[0] == "user"}


def same_report(what: str, want: str, found: str) -> list[str]:
    wanted = f"exit status 0, last line {want!r}"
    return [] if found == wanted else [f"{what}: expected {wanted}, found {found}"]


@check(task="script", points=4)
def other_list(host: Host, values: Values) -> None:
    """Given another list, it makes the accounts of that list"""
    p = values["prefix"]
    wanted = {
        f"{p}x1": ("Mia Rose Tan", "surf"),
        f"{p}x2": ("Zed", "tide"),
        f"{p}x3": ("Lars * Holm", "surf"),
        f"{p}x4": ("Final Line", "gale"),
    }
    _, accounts = enroll(host, hidden(values), [*wanted, f"{p}x7"], 1)
    reasons = []
    for login, (comment, group) in wanted.items():
        if login not in accounts:
            reasons.append(f"another list: {login}: expected an account, found none")
            continue
        c, home, shell, groups, own, primary = (*accounts[login].split("|"), *[""] * 5)[:6]
        facts = [("comment", comment, c), ("home", f"/home/{login}", home), ("shell", "/bin/bash", shell)]
        for what, want, found in facts:
            if want != found:
                reasons.append(f"another list: {login}: {what}: expected {want}, found {found}")
        if group not in groups.split():
            reasons.append(f"another list: {login}: expected to be in group {group}, found {groups}")
        elif group == primary:
            reasons.append(f"another list: {login}: expected {group} as a further group, found it as the primary one")
        if own == "no":
            reasons.append(f"another list: {login}: expected a home directory of its own, found none")
    if f"{p}x7" in accounts:
        reasons.append(f"another list: {p}x7: expected no account for a line that is a comment, found one")
    if reasons:
        raise Fail(*reasons[:4])


@check(task="script", points=2)
def leaves_present_alone(host: Host, values: Values) -> None:
    """An account that exists already is unchanged"""
    login = f"{values['prefix']}5"
    before = (host.text("getent passwd %s; id -nG %s", login, login) or "").split("\n")
    _, accounts = enroll(host, hidden(values), [login], 1)
    fields = before[0].split(":")
    wanted = [*fields[4:7], before[-1]]
    found = accounts.get(login, "||||").split("|")[:4]
    if found != wanted:
        raise Fail(f"another list: {login}, present before: expected {', '.join(wanted)}, found {', '.join(found)}")


@check(task="script", points=2)
def report(host: Host, values: Values) -> None:
    """Its last line counts the accounts"""
    reports, _ = enroll(host, hidden(values), [], 1)
    reasons = same_report("another list", "created: 4, present: 1", reports[0] if reports else "nothing")
    if reasons:
        raise Fail(*reasons)


@check(task="again", points=3)
def second_run(host: Host, values: Values) -> None:
    """The second run creates nothing"""
    reports, accounts = enroll(host, hidden(values), [f"{values['prefix']}x{i}" for i in (1, 2, 3, 4)], 2)
    second = reports[1] if len(reports) > 1 else "nothing"
    reasons = same_report("second run", "created: 0, present: 5", second)
    if len(accounts) != 4:
        reasons.append(f"after two runs: expected 4 new accounts, found {len(accounts)}")
    if reasons:
        raise Fail(*reasons)
