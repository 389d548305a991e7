"""The sixty names follow from the year; the contents of a file say which one it is."""

from rung.checks import Fail, Host, Values, check

ROOT = "/srv/handover"


def papers(year: int) -> dict[str, int]:
    """Path below /srv/handover -> number, for all sixty files."""
    out = {}
    for i in range(60):
        y, s = year + i % 3, ("txt", "csv", "md", "sh")[i * 7 % 4]
        name = {
            3: f"minutes of {y} no {i}.{s}",
            5: f"-{y}-draft{i}.{s}",
            7: f".{y}-notes{i}.{s}",
            8: f"list{i}.{y}.{s}",
        }.get(i % 10, f"{y}-paper{i}.{s}")
        out[f"{y}/{name}"] = i
    return out


def tree(host: Host) -> dict[str, tuple[str, int, str]]:
    """Path -> (type, mode, group) of everything below /srv/handover."""
    text = host.text("cd %s && find . -mindepth 1 -printf '%y %m %g %P\\0'", ROOT) or ""
    rows = (row.split(" ", 3) for row in text.split("\0") if row)
    return {path: (kind, int(mode, 8), group) for kind, mode, group, path in rows}


@check(task="sort", points=4)
def sorted_by_year(host: Host, values: Values) -> None:
    """Each of the sixty files lies in the directory of its year, unchanged"""
    wanted = papers(values["year"])
    text = host.text("cd %s && find . -mindepth 2 -type f -printf '%P\\0' | sort -z | xargs -0 -r grep -Z -H ''", ROOT)
    found = {}
    for line in (text or "").split("\n"):
        path, _, content = line.partition("\0")
        found[path] = content
    missing = [path for path in wanted if path not in found]
    changed = [p for p, i in wanted.items() if p in found and not found[p].startswith(f"paper {i} of ")]
    reasons = []
    if missing:
        reasons.append(f"{len(missing)} of 60 files are not where they belong, such as {ROOT}/{missing[0]}")
    if changed:
        reasons.append(f"{len(changed)} files have other contents than before, such as {ROOT}/{changed[0]}")
    if reasons:
        raise Fail(*reasons)


def wrong_modes(host: Host, values: Values, scripts: bool, want: int) -> list[str]:
    found = tree(host)
    reasons = []
    for path in papers(values["year"]):
        if path.endswith(".sh") != scripts:
            continue
        if path not in found:
            reasons.append(f"{ROOT}/{path}: expected a file, found none")
        elif found[path][1] != want:
            reasons.append(f"{ROOT}/{path}: mode: expected {want:04o}, found {found[path][1]:04o}")
    return reasons


def few(reasons: list[str]) -> None:
    if reasons:
        more = [f"and {len(reasons) - 3} more like these"] if len(reasons) > 3 else []
        raise Fail(*reasons[:3], *more)


@check(task="modes", points=2)
def papers_0640(host: Host, values: Values) -> None:
    """Papers are 0640"""
    few(wrong_modes(host, values, False, 0o640))


@check(task="modes", points=2)
def scripts_0750(host: Host, values: Values) -> None:
    """Scripts are 0750"""
    few(wrong_modes(host, values, True, 0o750))


@check(task="modes", points=1)
def group(host: Host, values: Values) -> None:
    """The year directories and all files in them belong to group office"""
    found = tree(host)
    years = {str(values["year"] + i) for i in range(3)}
    wanted = sorted(years) + list(papers(values["year"]))
    few(
        [
            f"{ROOT}/{path}: group: expected office, found {found[path][2] if path in found else 'nothing'}"
            for path in wanted
            if path not in found or found[path][2] != "office"
        ]
    )


@check(task="modes", points=2)
def directories(host: Host, values: Values) -> None:
    """Group office can list the year directories, strangers cannot"""
    reasons = []
    for i in range(3):
        path = f"{ROOT}/{values['year'] + i}"
        if not host.run("ls %s/. && test -x %s", path, path, user="clerk").ok:
            reasons.append(f"{path}: expected that clerk, a member of office, can list it, found a refusal")
        if not host.run("test -d /srv", user="nobody").ok:
            reasons.append("nobody: expected this user to run a command, found a refusal")
        for what, command in [("list", "ls %s/."), ("enter", "cd %s")]:
            if host.run(command, path, user="nobody").ok:
                reasons.append(f"{path}: expected a refusal for the user nobody, found that this user can {what} it")
    few(reasons)
