"""Runs the command on temporary trees, in which all sizes are different."""

import shlex

from rung.checks import Fail, Host, Values, check

LARGEST = "/usr/local/bin/largest"
FILES = 40  # in the depot
TREE = """
mkdir -p "$d/b c/deep er" "$d/.h" "$d/empty" "$d.out"
for i in 1 2 3 4 5 6 7 8 9; do truncate -s $((i * i * 1000 + 7)) "$d/b c/file $i"; done
truncate -s 99991 "$d/.h/.dark"; truncate -s 5 "$d/b c/deep er/two  spaces"; truncate -s 45000 "$d/b c/deep er/-dash"
truncate -s 800000 "$d.out/outside"
ln -s "$d.out" "$d/way out"; ln -s "$d.out/outside" "$d/outside"
mkdir -p "$d/small/sub"; truncate -s 3 "$d/small/sub/three"; truncate -s 2 "$d/small/two"; ln -s two "$d/small/link"
"""
SIZES = {".h/.dark": 99991, "b c/deep er/-dash": 45000, **{f"b c/file {i}": i * i * 1000 + 7 for i in range(1, 10)}}


def ran(host: Host, directory: str, *rest: object) -> list[str]:
    """The command's output lines for `directory` inside a new tree, from the tree's parent directory."""
    arguments = " ".join(shlex.quote(str(a)) for a in (directory, *rest))
    script = 't=$(mktemp -d) && cd "$t" && d="$t/tr ee"' + TREE
    script += f'{LARGEST} {arguments} </dev/null; rc=$?; cd /; rm -rf "$t"; exit $rc'
    command = host.file(LARGEST)
    if not (command.is_file and command.is_executable):
        raise Fail(f"{LARGEST}: expected a file that can be executed, found none")
    result = host.run(script)
    if not result.ok:
        raise Fail(f"largest {arguments}: expected exit status 0, found {result.rc}: {result.stderr.strip()[:200]}")
    return result.stdout.rstrip("\n").split("\n")


def wanted(prefix: str, number: int) -> list[str]:
    """The lines for the `number` largest files of the tree, with paths that begin with `prefix`."""
    order = sorted(SIZES.items(), key=lambda item: -item[1])
    return [f"{size} {prefix}/{path}" for path, size in order][:number]


def compare(what: str, found: list[str], want: list[str]) -> None:
    for i, line in enumerate(want):
        if i >= len(found) or found[i] != line:
            have = repr(found[i]) if i < len(found) else "no such line"
            raise Fail(f"{what}: line {i + 1}: expected {line!r}, found {have}")
    if len(found) > len(want):
        raise Fail(f"{what}: expected {len(want)} lines, found {len(found)}")


@check(task="report", points=4)
def other_tree(host: Host, values: Values) -> None:
    """In another tree it finds the right files, largest first"""
    compare("another tree, largest 'tr ee'", ran(host, "tr ee"), wanted("tr ee", values["count"]))


@check(task="report", points=1)
def below(host: Host, values: Values) -> None:
    """Paths begin with the directory as it was given"""
    want = [line.replace("tr ee/b c", "./tr ee/b c") for line in wanted("tr ee", 11) if "/b c/" in line]
    compare("another tree, largest './tr ee/b c'", ran(host, "./tr ee/b c"), want[: values["count"]])


@check(task="report", points=1)
def few(host: Host) -> None:
    """If there are fewer files, it prints them all and nothing else"""
    compare("a tree of two files", ran(host, "tr ee/small"), ["3 tr ee/small/sub/three", "2 tr ee/small/two"])
    found = ran(host, "tr ee/empty")
    if found != [""]:
        raise Fail(f"a directory without files: expected no output, found {found[0]!r}")


@check(task="number", points=2)
def second_argument(host: Host) -> None:
    """The second argument says how many"""
    for number in (1, 2, 9):
        compare(f"another tree, largest 'tr ee' {number}", ran(host, "tr ee", number), wanted("tr ee", number))


@check(task="depot", points=2)
def depot(host: Host, values: Values) -> None:
    """largest.txt holds the report of the depot"""
    root = f"/srv/{values['room']}"
    listed = host.run("find %s -type f -printf %s", root, "%s %p\\0").stdout.split("\0")
    sizes = {path: int(size) for size, _, path in (entry.partition(" ") for entry in listed) if path}
    if len(sizes) < FILES:
        raise Fail(f"{root}: expected the depot with its {FILES} files, found {len(sizes)}")
    report = host.file("/root/largest.txt")
    if not report.is_file:
        raise Fail("/root/largest.txt: expected a file, found none")
    lines = report.content_string.rstrip("\n").split("\n")
    # Files of the same size may stand in any order.
    place = {line: number for number, line in reversed(list(enumerate(lines)))}
    entries = [(size, f"{size} {path}") for path, size in sizes.items()]
    order = sorted(entries, key=lambda entry: (-entry[0], place.get(entry[1], len(lines))))
    compare("/root/largest.txt", lines, [line for _, line in order[: values["count"]]])
